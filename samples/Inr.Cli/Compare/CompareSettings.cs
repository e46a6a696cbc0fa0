using Inr.Cli.Runtime;
using Inr.Cli.Targets;

namespace Inr.Cli.Compare;

/// <summary>What rows of one report have in common; rows under other settings do not belong beside them.</summary>
internal sealed record CompareSettings
{
    /// <summary>The most numbers that a representation may store; null for the default of each family.</summary>
    public long? Floats { get; init; }

    /// <summary>Gradient steps; null for the default.</summary>
    public int? Steps { get; init; }

    /// <summary>Where it runs.</summary>
    public required string Device { get; init; }

    /// <summary>Threads of one tensor operation: they change times, and the last bits.</summary>
    public required int Threads { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The settings of a run.</summary>
    public static CompareSettings Of(TargetSettings settings, RunContext context) => new()
    {
        Floats = settings.Floats,
        Steps = settings.Steps,
        Device = context.DeviceName,
        Threads = context.Threads,
        Seed = context.Seed,
    };

    /// <summary>The settings as the user would type them.</summary>
    public string AsOptions()
    {
        string text = FormattableString.Invariant($"--device {Device} --threads {Threads} --seed {Seed}");
        if (Steps is { } steps)
            text = FormattableString.Invariant($"--steps {steps} ") + text;
        return Floats is { } floats ? FormattableString.Invariant($"--floats {floats} ") + text : text;
    }
}
