using System.Text.Json.Nodes;

namespace Inr.Cli.Commands;

/// <summary>What <c>inr info --json</c> writes.</summary>
internal sealed record InfoReport
{
    /// <summary>The kind of the target function.</summary>
    public required string Target { get; init; }

    /// <summary>The count of stored numbers.</summary>
    public required long Floats { get; init; }

    /// <summary>The count of stored bits.</summary>
    public required long Bits { get; init; }

    /// <summary>Stored bits for each sample of the grid; left out where the samples were scattered.</summary>
    public double? BitsPerSample { get; init; }

    /// <summary>Stored bits for each number of θ; left out where θ is a code of its own, or the target is not known.</summary>
    public double? BitsPerWeight { get; init; }

    /// <summary>The size of the file.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The options that rebuild the target function.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>Samples on each axis; left out where they were scattered.</summary>
    public IReadOnlyList<int>? GridShape { get; init; }

    /// <summary>Bits of a sample in the file of the signal; left out where they are unknown.</summary>
    public int? SampleBits { get; init; }

    /// <summary>Samples per second of a sound; left out otherwise, and where they are unknown.</summary>
    public int? SampleRate { get; init; }

    /// <summary>The version of the file format.</summary>
    public required int FormatVersion { get; init; }
}
