namespace Inr.Evaluation;

/// <summary>What an image codec makes of a picture: the scale that every method of a comparison is held against.</summary>
internal sealed record CodecFit
{
    /// <summary>The picture.</summary>
    public required string Signal { get; init; }

    /// <summary>What tells it from others.</summary>
    public required string Key { get; init; }

    /// <summary><see cref="PictureCodecs.Png"/> or <see cref="PictureCodecs.Jpeg"/>.</summary>
    public required string Codec { get; init; }

    /// <summary>The contender whose bytes were to be matched, by name; null for a quality of the curve, and for a codec without loss.</summary>
    public string? Matched { get; init; }

    /// <summary>The bytes that were to be matched.</summary>
    public long? Wanted { get; init; }

    /// <summary>The quality of a JPEG, 1 to 100.</summary>
    public int? Quality { get; init; }

    /// <summary>Pixels.</summary>
    public required long Samples { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>PSNR in dB against the picture; infinite without loss.</summary>
    public required double Psnr { get; init; }

    /// <summary>Structural similarity.</summary>
    public double? Ssim { get; init; }

    /// <summary>Wall-clock seconds of encoding once.</summary>
    public required double EncodeSeconds { get; init; }

    /// <summary>Wall-clock seconds of decoding once.</summary>
    public required double DecodeSeconds { get; init; }

    /// <summary>Bits for each pixel.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public double BitsPerSample => 8.0 * Bytes / Samples;
}
