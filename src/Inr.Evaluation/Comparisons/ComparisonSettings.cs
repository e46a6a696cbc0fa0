using System.Globalization;

namespace Inr.Evaluation;

/// <summary>What the rows of one report have in common; rows under other settings do not belong beside them.</summary>
public sealed record ComparisonSettings
{
    /// <summary>The most numbers that a representation may store, one budget or several; none for the default of each family.</summary>
    public IReadOnlyList<long> Floats { get; init; } = [];

    /// <summary>Gradient steps; null for the default.</summary>
    public int? Steps { get; init; }

    /// <summary>The seconds of the steps of one gradient fit, in processor time of all threads divided by their number; null where steps are the budget.</summary>
    public double? Seconds { get; init; }

    /// <summary>What the fitters see.</summary>
    public SignalContext Context { get; init; } = SignalContext.Full;

    /// <summary>Whether gradient fits solve the linear part of their target at each step.</summary>
    public bool Solve { get; init; }

    /// <summary>Whether learning rates and ω₀ are swept.</summary>
    public bool Sweep { get; init; }

    /// <summary>Where it runs.</summary>
    public InrDevice Device { get; init; } = InrDevice.Auto;

    /// <summary>Threads of one tensor operation: they change times, and the last bits.</summary>
    public int Threads { get; init; } = TorchRuntime.Threads;

    /// <summary>The seed.</summary>
    public long Seed { get; init; }

    /// <summary>The device that was found: <c>cpu</c> or <c>cuda:0</c>.</summary>
    internal string DeviceName => Device.Resolve().ToString();

    /// <summary>Names and values, as the folder of an <see cref="EvaluationFolder"/> keeps them.</summary>
    public IReadOnlyDictionary<string, string> Described()
    {
        var all = new Dictionary<string, string>
        {
            ["context"] = Context.ToString(),
            ["device"] = DeviceName,
            ["threads"] = Text(Threads),
            ["seed"] = Text(Seed),
        };
        if (Floats.Count > 0)
            all["floats"] = string.Join(',', Floats.Select(Text));
        if (Steps is { } steps)
            all["steps"] = Text(steps);
        if (Seconds is { } seconds)
            all["seconds"] = seconds.ToString(CultureInfo.InvariantCulture);
        if (Solve)
            all["solve"] = "yes";
        if (Sweep)
            all["sweep"] = "yes";
        return all;
    }

    /// <summary>What was chosen, as a fit of a signal needs it.</summary>
    /// <param name="contender">The target function and its budget.</param>
    /// <param name="signal">The whole signal.</param>
    internal TargetSettings For(Contender contender, Signal signal) => new()
    {
        Floats = contender.Budget,
        Steps = Steps,
        Seconds = contender.Entry.IsIterative ? Seconds : null,
        SolvesLinear = Solve,
        Threads = Threads,
        IsNoisy = Context.Noise > 0,
        SampleGrid = Context.Fraction < 1 && signal.Domain.IsGrid ? signal.Domain.GridShape : null,
    };

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}
