namespace Inr;

/// <summary>The probability of a bit, learned while coding: at first the share of what was seen, in the end a slow average.</summary>
/// <remarks>
/// The probability of "0" in units of 2⁻¹⁶ moves by <c>2·(target − p) / (2n + 3)</c>, rounded towards zero, at its n-th bit, where n counts up to
/// <see cref="SlowestRate"/>. All of it is whole numbers: writer and reader learn the same on every machine.
/// </remarks>
internal struct BitCounter
{
    /// <summary>Probabilities are multiples of 2⁻¹⁶.</summary>
    public const int Precision = 16;

    // No bit is so sure that it costs less than 0.0014 bits: what bounds the numbers that a byte can hold.
    private const int Least = 64;
    private const int Whole = 1 << Precision;
    private const int SlowestRate = 250;

    // Of the probability less a half, so that a fresh array is one of even odds.
    private short _lean;
    private byte _seen;

    /// <summary>The probability that the next bit is 0, in units of 2⁻¹⁶.</summary>
    public readonly uint Zero => (uint)(_lean + (Whole / 2));

    /// <summary>Learns the bit that came.</summary>
    public void Learn(int bit)
    {
        int zero = _lean + (Whole / 2), target = bit == 0 ? Whole : 0;
        zero += 2 * (target - zero) / ((2 * _seen) + 3);
        _lean = (short)(Math.Clamp(zero, Least, Whole - Least) - (Whole / 2));
        if (_seen < SlowestRate)
            _seen++;
    }
}
