namespace Inr.Folders;

/// <summary>What became of one file: a line of the manifest.</summary>
public sealed record FolderEntry
{
    /// <summary>The file, relative to its folder, with <c>/</c> between names.</summary>
    public required string Source { get; init; }

    /// <summary>The file that was written, relative to the output folder; null where it failed.</summary>
    public string? Output { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>What it was made with: a later run with other settings makes it again.</summary>
    public required string Settings { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>When the file was last written, UTC.</summary>
    public required DateTime SourceTime { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal; null where it could not be read.</summary>
    public string? SourceHash { get; init; }

    /// <summary>The size of what was written in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>The bits of the file that was encoded, all of its bytes counted.</summary>
    public long? Bits { get; init; }

    /// <summary><see cref="Bits"/> for each sample: a pixel, or a moment of a sound.</summary>
    public double? BitsPerSample { get; init; }

    /// <summary>PSNR in dB of the encoded signal for a peak of 1, neither clamped nor rounded.</summary>
    public double? Psnr { get; init; }

    /// <summary>Wall-clock seconds of reading, fitting and writing.</summary>
    public double? EncodeSeconds { get; init; }

    /// <summary>Wall-clock seconds of reading, rendering and writing.</summary>
    public double? DecodeSeconds { get; init; }

    /// <summary>What was lost beyond the code, such as values that the output cannot hold; null where nothing was.</summary>
    public string? Warning { get; init; }

    /// <summary>When it was finished, UTC.</summary>
    public required DateTime Finished { get; init; }
}
