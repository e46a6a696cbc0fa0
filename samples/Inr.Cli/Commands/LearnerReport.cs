using System.Text.Json.Nodes;

namespace Inr.Cli.Commands;

/// <summary>What <c>inr info --json</c> writes about a meta-learner.</summary>
internal sealed record LearnerReport
{
    /// <summary>The kind of the learner.</summary>
    public required string Learner { get; init; }

    /// <summary>The options that rebuild it untrained.</summary>
    public required JsonObject LearnerOptions { get; init; }

    /// <summary>The kind of the target function.</summary>
    public required string Target { get; init; }

    /// <summary>The options that rebuild the target function.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>Samples on each axis of what it was trained on; left out where the file does not say.</summary>
    public IReadOnlyList<int>? TrainedOn { get; init; }

    /// <summary>The count of weights.</summary>
    public required long Floats { get; init; }

    /// <summary>The size of the file.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The version of the file format.</summary>
    public required int FormatVersion { get; init; }
}
