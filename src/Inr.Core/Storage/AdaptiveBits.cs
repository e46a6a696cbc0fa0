namespace Inr;

/// <summary>The probabilities of the bits of a code: learned while coding, so that nothing is stored of them.</summary>
/// <remarks>
/// A code of b bits is coded from its highest bit down. The first eight bits walk down a binary tree with a probability at
/// every node, which learns any distribution; a further bit has one probability for its place, since it is hardly predictable.
/// A probability moves by 1/(n + 1.5) of its error at its n-th bit and by 1/31.5 in the end. All of it is whole numbers: encoder
/// and decoder learn the same on every machine.
/// </remarks>
internal sealed class AdaptiveBits
{
    /// <summary>Probabilities are multiples of 2⁻¹².</summary>
    public const int Precision = 12;

    // No bit is ever so sure that it costs less than 0.011 bits: what bounds the codes that a byte can hold.
    private const int Least = 32;

    private const int SlowestRate = 30;
    private const int TreeBits = 8;

    private readonly int _bits;
    private readonly int _tree;
    private readonly ushort[] _zero;
    private readonly byte[] _seen;
    private int _node;
    private int _at;

    /// <param name="bits">Bits of a code, 1 to 16.</param>
    public AdaptiveBits(int bits)
    {
        _bits = bits;
        _tree = Math.Min(bits, TreeBits);
        int places = (1 << _tree) + bits - _tree;
        _zero = new ushort[places];
        _seen = new byte[places];
        Array.Fill(_zero, (ushort)(1 << (Precision - 1)));
    }

    /// <summary>The probability that the next bit is 0, in units of 2⁻¹².</summary>
    public uint ProbabilityOfZero => _zero[_node];

    /// <summary>Begins a code.</summary>
    public void Begin() => (_node, _at) = (1, 0);

    /// <summary>Learns the bit that came and goes on to the next one.</summary>
    public void Learn(int bit)
    {
        int zero = _zero[_node], target = bit == 0 ? 1 << Precision : 0;
        zero += 2 * (target - zero) / ((2 * _seen[_node]) + 3);
        _zero[_node] = (ushort)Math.Clamp(zero, Least, (1 << Precision) - Least);
        if (_seen[_node] < SlowestRate)
            _seen[_node]++;
        _at++;
        _node = _at < _tree ? (2 * _node) + bit : Math.Min((1 << _tree) + _at - _tree, _zero.Length - 1);
    }
}
