using System.Globalization;

namespace Inr.Evaluation;

/// <summary>Tries learning rates, and ω₀ where a family has one, in short fits of a few signals: a baseline deserves its best setting.</summary>
internal sealed class RateSweep
{
    /// <summary>The signals that a sweep fits.</summary>
    public const int SignalCount = 2;

    private const int MostSteps = 250;

    private static readonly double[] Rates = [1e-4, 3e-4, 1e-3, 3e-3];
    // An optimum at the end of a range is none: the search goes on from there while it gains.
    private static readonly double[] LowerRates = [3e-5, 1e-5];
    private static readonly double[] HigherRates = [1e-2, 3e-2, 1e-1, 3e-1];
    private static readonly double[] ImageOmegas = [30, 60, 120];
    private static readonly double[] AudioOmegas = [1_000, 3_000, 9_000];

    private readonly ContenderEvaluation _evaluation;
    private readonly EvaluationFolder _folder;
    private readonly IComparisonListener _listener;
    private readonly CancellationToken _cancellation;
    private readonly int _steps;

    /// <param name="evaluation">Fits and measures.</param>
    /// <param name="folder">Keeps what is finished.</param>
    /// <param name="listener">Hears what was tried.</param>
    /// <param name="steps">The gradient steps of the comparison.</param>
    /// <param name="cancellation">Ends the sweep.</param>
    public RateSweep(ContenderEvaluation evaluation, EvaluationFolder folder, IComparisonListener listener, int steps, CancellationToken cancellation)
    {
        _evaluation = evaluation;
        _folder = folder;
        _listener = listener;
        _cancellation = cancellation;
        _steps = StepsOf(steps);
    }

    /// <summary>The steps of a short fit.</summary>
    public static int StepsOf(int steps) => Math.Min(steps, MostSteps);

    /// <summary>How many settings are tried at the least; a best rate at an end of the range leads to more.</summary>
    public static int TrialCount(Contender contender, Signal signal) => Rates.Length * OmegasOf(contender, signal).Length;

    /// <summary>Tries all settings of a contender.</summary>
    /// <returns>One trial for each setting, one of them chosen; none where the caller ended it.</returns>
    public IReadOnlyList<SweepTrial> Run(Contender contender, IReadOnlyList<Signal> signals)
    {
        var trials = new List<SweepTrial>();
        foreach (double? omega in OmegasOf(contender, signals[0]))
        {
            foreach (double rate in Rates)
                Add(rate, omega);
        }

        if (Best() is { } center && (center.LearningRate == Rates[^1] || center.LearningRate == Rates[0]))
        {
            foreach (double rate in center.LearningRate == Rates[0] ? LowerRates : HigherRates)
            {
                Add(rate, center.Omega);
                if (Best() is not { } now || now.LearningRate != rate)
                    break;
            }
        }

        if (_cancellation.IsCancellationRequested)
            return [];
        var best = Best();
        return [.. trials.Select(t => t with { IsChosen = ReferenceEquals(t, best) })];

        SweepTrial? Best() => trials.Where(t => t.Psnr is not null).MaxBy(t => t.Psnr);

        void Add(double rate, double? omega)
        {
            if (_cancellation.IsCancellationRequested)
                return;
            double? psnr = Try(contender, rate, omega, signals);
            if (_cancellation.IsCancellationRequested)
                return;
            trials.Add(new SweepTrial { Target = contender.Name, LearningRate = rate, Omega = omega, Psnr = psnr, Steps = _steps, Signals = [.. signals.Select(s => s.Name)] });
            _listener.Tell($"sweep {contender.Name}: {Describe(rate, omega)}: {(psnr is null ? "failed" : ReportText.Decibels(psnr) + " dB")}");
        }
    }

    private static double?[] OmegasOf(Contender contender, Signal signal) =>
        contender.Entry.Choices.HasFlag(TargetChoices.Omega) ? [.. (signal.InputDimension == 1 ? AudioOmegas : ImageOmegas).Select(w => (double?)w)] : [null];

    private double? Try(Contender contender, double rate, double? omega, IReadOnlyList<Signal> signals)
    {
        var store = _folder.For(string.Create(CultureInfo.InvariantCulture, $"sweep-{contender.Name}-lr{rate}{(omega is { } w ? $"-omega{w}" : "")}"));
        var tuning = new Tuning { LearningRate = rate, Omega = omega, Steps = _steps };
        double sum = 0;
        foreach (var signal in signals)
        {
            var result = _listener.Watch($"sweep {contender.Name} on {signal.Name}, {Describe(rate, omega)}",
                progress => _evaluation.Run(contender, tuning, signal, store, withTimes: false, progress));
            if (result.Rows.Count == 0)
                return null;
            sum += result.Rows[0].Psnr;
        }

        return sum / signals.Count;
    }

    private static string Describe(double rate, double? omega) =>
        string.Create(CultureInfo.InvariantCulture, $"learning rate {rate}{(omega is { } w ? $", ω₀ {w}" : "")}");
}
