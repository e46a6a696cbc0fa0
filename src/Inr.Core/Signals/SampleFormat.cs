using System.Text.Json.Nodes;

namespace Inr;

/// <summary>How the file of a signal stores its samples, so that the signal can be written again as fine as it was read.</summary>
/// <remarks>
/// The readers of images and sounds set it, fits and <c>.inr</c> files keep it, and the writers take it as their default.
/// Depths that no writer knows count as the next one: a picture of 1, 2 or 4 bits has 8, a sound of 20 bits has 24.
/// </remarks>
public sealed record SampleFormat
{
    private const string BitsName = "bits";
    private const string FloatName = "float";
    private const string RateName = "rate";

    /// <summary>Creates a format.</summary>
    /// <param name="bits">Bits of a sample: 8, 16, 24 or 32 of whole numbers, 32 or 64 of floating point.</param>
    /// <param name="isFloatingPoint">Whether samples are floating point.</param>
    /// <param name="sampleRate">Moments per second of a sound; 0 where there is none, or where it is unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bits are others, or the rate is negative.</exception>
    public SampleFormat(int bits, bool isFloatingPoint = false, int sampleRate = 0)
    {
        if (!(isFloatingPoint ? bits is 32 or 64 : bits is 8 or 16 or 24 or 32))
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "A sample has 8, 16, 24 or 32 bits, or 32 or 64 of floating point.");
        ArgumentOutOfRangeException.ThrowIfNegative(sampleRate);
        Bits = bits;
        IsFloatingPoint = isFloatingPoint;
        SampleRate = sampleRate;
    }

    /// <summary>Bits of a sample.</summary>
    public int Bits { get; }

    /// <summary>Whether samples are floating point, which has no full scale to clip at.</summary>
    public bool IsFloatingPoint { get; }

    /// <summary>Moments per second of a sound; 0 where there is none, or where it is unknown.</summary>
    public int SampleRate { get; }

    /// <summary>The format as files store it: <c>{"bits":24,"rate":48000}</c>, with <c>"float":true</c> for floating point.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { [BitsName] = Bits };
        if (IsFloatingPoint)
            json[FloatName] = true;
        if (SampleRate > 0)
            json[RateName] = SampleRate;
        return json;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote, from a file that may be hostile.</summary>
    /// <exception cref="FormatException">It is no format; the message says what is wrong.</exception>
    public static SampleFormat FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            if (json.All(p => p.Key is BitsName or FloatName or RateName) && json[BitsName] is { } bits)
                return new SampleFormat(bits.GetValue<int>(), json[FloatName]?.GetValue<bool>() ?? false, json[RateName]?.GetValue<int>() ?? 0);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new FormatException($"its format of samples is invalid: {e.Message}", e);
        }

        throw new FormatException($"its format of samples does not consist of '{BitsName}', '{FloatName}' and '{RateName}'.");
    }

    /// <summary>The same samples at another rate.</summary>
    internal SampleFormat WithRate(int sampleRate) => new(Bits, IsFloatingPoint, sampleRate);

    /// <summary>Whether numbers of this format are no finer than those of another.</summary>
    internal bool IsCoarserThan(SampleFormat other) => !IsFloatingPoint && (other.IsFloatingPoint || Bits < other.Bits);

    /// <inheritdoc/>
    public override string ToString() => $"{Bits}-bit{(IsFloatingPoint ? " floating point" : "")}{(SampleRate > 0 ? $", {SampleRate} Hz" : "")}";
}
