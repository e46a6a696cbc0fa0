using System.Globalization;

namespace Inr.Studies.Matrix;

/// <summary>What all cells of a data set share; rows under other settings do not belong beside them.</summary>
internal sealed record MatrixSettings
{
    /// <summary>Minutes of training of a learner on whole signals; those for other contexts go on from there for a quarter of it.</summary>
    public double Minutes { get; init; }

    /// <summary>Outer steps instead of minutes, for numbers that repeat exactly; 0 for minutes.</summary>
    public int OuterSteps { get; init; }

    /// <summary>Seconds of a fit from scratch.</summary>
    public double Seconds { get; init; }

    /// <summary>Gradient steps instead of seconds, for numbers that repeat exactly; 0 for seconds.</summary>
    public int FitSteps { get; init; }

    /// <summary>Signals to judge on.</summary>
    public int Signals { get; init; }

    /// <summary>Signals of the sweep of baselines.</summary>
    public int SweepSignals { get; init; }

    /// <summary>Test-time steps after the transformer.</summary>
    public int TestTimeSteps { get; init; }

    /// <summary>What seconds are: <c>cpu</c>, processor time of all threads over their number, which a busy machine does not distort, or <c>wall</c>.</summary>
    public string Clock { get; init; } = "cpu";

    /// <summary>Threads of one tensor operation.</summary>
    public int Threads { get; init; }

    /// <summary>The seed of every random choice.</summary>
    public long Seed { get; init; }

    /// <summary>The options that say them, and where the study lies.</summary>
    public static StudyPart Declare(StudyPart part) => part
        .Text("out", "matrix-study", "The folder of the study.")
        .Text("shared", "../shared", "The folder of shared data.")
        .Number("minutes", 0.15, "Training of a learner on whole signals.")
        .Int("outer-steps", 0, "Outer steps instead of minutes, for numbers that repeat exactly.")
        .Number("seconds", 1.5, "A fit from scratch.")
        .Int("fit-steps", 0, "Gradient steps instead of seconds, for numbers that repeat exactly.")
        .Int("limit", 6, "Signals to judge on.")
        .Int("sweep-signals", 2, "Signals of the sweep of baselines.")
        .Int("optimise-steps", 10, "Test-time steps after the transformer.")
        .Text("clock", "cpu", "What seconds are: cpu, the processor time of all threads over their number, or wall.")
        .Int("threads", 1, "Threads of one tensor operation.")
        .Int("seed", 0, "The seed of every random choice.");

    /// <summary>Reads them.</summary>
    public static MatrixSettings Of(StudyArguments o)
    {
        var settings = new MatrixSettings
        {
            Minutes = o.Number("minutes"),
            OuterSteps = o.Int("outer-steps"),
            Seconds = o.Number("seconds"),
            FitSteps = o.Int("fit-steps"),
            Signals = o.Int("limit"),
            SweepSignals = o.Int("sweep-signals"),
            TestTimeSteps = o.Int("optimise-steps"),
            Clock = o.Text("clock"),
            Threads = o.Int("threads"),
            Seed = o.Int("seed"),
        };
        if (settings is { Minutes: > 0, OuterSteps: >= 0, Seconds: > 0, FitSteps: >= 0, Signals: >= 1, SweepSignals: >= 1, TestTimeSteps: >= 0, Threads: >= 1, Clock: "cpu" or "wall" })
            return settings;
        throw StudyException.BadUsage("--minutes and --seconds are above 0; --limit, --sweep-signals and --threads at least 1; --outer-steps, --fit-steps and --optimise-steps at least 0; --clock is cpu or wall.");
    }

    /// <summary>The seconds that training a learner takes.</summary>
    /// <param name="isContinued">Whether it goes on from one that is trained on whole signals.</param>
    /// <param name="isFirst">Whether it is trained on whole signals.</param>
    public double TrainingSeconds(bool isFirst, bool isContinued) => 60 * Minutes * Share(isFirst, isContinued);

    /// <summary>The outer steps of a training, where they are counted.</summary>
    public int TrainingSteps(bool isFirst, bool isContinued) => (int)(OuterSteps * Share(isFirst, isContinued));

    /// <summary>The settings as the user would type them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(OuterSteps > 0 ? $"--outer-steps {OuterSteps}" : $"--minutes {Minutes}")} {(FitSteps > 0 ? $"--fit-steps {FitSteps}" : $"--seconds {Seconds}")} --limit {Signals} --sweep-signals {SweepSignals} --optimise-steps {TestTimeSteps} --clock {Clock} --threads {Threads} --seed {Seed}");

    // What cannot start from whole signals trains as long as both parts of what can.
    private static double Share(bool isFirst, bool isContinued) => isFirst ? 1 : isContinued ? 0.25 : 1.25;
}
