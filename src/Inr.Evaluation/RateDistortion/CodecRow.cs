using System.Text.Json.Serialization;

namespace Inr.Evaluation;

/// <summary>What a codec made of a picture at a setting, or the means over pictures.</summary>
public sealed record CodecRow
{
    /// <summary>The codec.</summary>
    public required string Codec { get; init; }

    /// <summary>Its setting: a quality, a step or a rate, in the codec's own numbers.</summary>
    public required double Setting { get; init; }

    /// <summary>The picture; null for means.</summary>
    public string? Signal { get; init; }

    /// <summary>The pictures that a mean is over; null for one picture.</summary>
    public int? Signals { get; init; }

    /// <summary>Bits of the whole file.</summary>
    public required double Bits { get; init; }

    /// <summary><see cref="Bits"/> for each pixel.</summary>
    public required double BitsPerSample { get; init; }

    /// <summary>PSNR in dB of the decoded 8-bit picture.</summary>
    public required double Psnr { get; init; }

    /// <summary>Wall-clock seconds of one encoding, of a tool with the start of its process.</summary>
    public required double EncodeSeconds { get; init; }

    /// <summary>Wall-clock seconds of one decoding, of a tool with the start of its process.</summary>
    public required double DecodeSeconds { get; init; }

    /// <summary>The program and its version; null for the library's own.</summary>
    public string? Version { get; init; }

    /// <summary>The place on a curve.</summary>
    [JsonIgnore]
    public RatePoint Point => new(BitsPerSample, Psnr);
}
