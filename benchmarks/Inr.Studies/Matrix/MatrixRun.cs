using System.Globalization;
using Inr.Meta;

namespace Inr.Studies.Matrix;

/// <summary>Fills the cells of one data set that are not finished yet.</summary>
internal sealed class MatrixRun
{
    private readonly MatrixData _data;
    private readonly MatrixSettings _settings;
    private readonly MatrixFolder _folder;
    private readonly IReadOnlyList<(MatrixContext Context, MatrixFamily Family, MatrixColumn Column)> _cells;
    private readonly ISignalDataset _training;
    private readonly ISignalDataset _test;
    private readonly MatrixLearners _learners;

    /// <param name="data">The kind of signals.</param>
    /// <param name="settings">How long each part may take.</param>
    /// <param name="folder">Where finished cells are.</param>
    /// <param name="cells">The cells to fill.</param>
    /// <param name="shared">The folder of shared data.</param>
    public MatrixRun(MatrixData data, MatrixSettings settings, MatrixFolder folder, IReadOnlyList<(MatrixContext, MatrixFamily, MatrixColumn)> cells, string shared)
    {
        _data = data;
        _settings = settings;
        _folder = folder;
        _cells = cells;
        (_training, _test) = data.Load(shared, settings.Signals);
        _learners = new MatrixLearners(data, settings, folder, _training, SweepOf);
    }

    /// <summary>The seconds that the unfinished cells of a data set will take, from the limits of their parts.</summary>
    public static double SecondsToDo(MatrixFolder folder, MatrixSettings settings, IEnumerable<(MatrixContext Context, MatrixFamily Family, MatrixColumn Column)> cells)
    {
        // What has no limit of its own: adaptations, closed forms, renders, files.
        const double OtherSecondsOfASignal = 0.15;
        var toDo = cells.Where(c => folder.Find(c.Context, c.Family, c.Column) is null).ToList();
        double seconds = toDo.Count * settings.Signals * OtherSecondsOfASignal;
        seconds += toDo.Count(c => c.Column == MatrixColumn.Scratch) * settings.Signals * settings.Seconds;
        foreach (var family in toDo.Where(c => c.Column != MatrixColumn.ClosedForm).Select(c => c.Family).Distinct().Where(f => folder.FindSweep(f) is null))
            seconds += MatrixSweeps.Trials(family) * settings.SweepSignals * settings.Seconds;
        // Steps at test time use the learner of the column before them, and other contexts go on from whole signals.
        var learned = toDo.Where(c => c.Column.Learns).Select(c => (c.Family, Column: c.Column == MatrixColumn.TransformerSteps ? MatrixColumn.Transformer : c.Column, c.Context)).ToList();
        var started = learned.Where(c => MatrixLearners.Continues(c.Context, c.Column)).Select(c => (c.Family, c.Column, Context: MatrixContext.All[0]));
        foreach (var (family, column, context) in learned.Concat(started).Distinct())
            seconds += MatrixLearners.OwnSecondsToDo(folder, settings, context, family, column);
        return seconds;
    }

    /// <summary>Fills the cells.</summary>
    public void Execute()
    {
        int done = 0;
        foreach (var (context, family, column) in _cells)
        {
            done++;
            if (_folder.Find(context, family, column) is not null)
                continue;
            Console.WriteLine($"{_data.Name}, {context.Name}: {family.Name} × {column.Name} ({done} of {_cells.Count})");
            var row = Fill(context, family, column);
            _folder.Add(row, context, family, column);
            Console.WriteLine(row.Failure is { } failure ? $"  {failure}" : string.Create(CultureInfo.InvariantCulture, $"  {row.Psnr:0.00} dB, {row.FitMilliseconds:0.0} ms a signal"));
        }
    }

    private MatrixRow Fill(MatrixContext context, MatrixFamily family, MatrixColumn column)
    {
        var empty = new MatrixRow { Data = _data.Name, Context = context.Name, Family = family.Name, Column = column.Name };
        try
        {
            if (column == MatrixColumn.ClosedForm)
            {
                using var closed = family.ClosedForm!(_data, context, _data.Floats);
                return MatrixMeasurement.Of(closed, _test, context, _settings).Describe(empty);
            }

            var best = SweepOf(family).Best;
            if (column == MatrixColumn.Scratch)
            {
                var target = MatrixTargets.Build(_data, family, best.Value, _data.Floats);
                return MatrixTargets.FitFromScratch(target, best.Rate, _test, context, _settings).Describe(empty with { Remark = Describe(family, best) });
            }

            return Adapt(empty, context, family, column, best);
        }
        catch (Exception e) when (e is InrException or ArgumentException)
        {
            return empty with { Failure = e.Message.ReplaceLineEndings(" ") };
        }
    }

    private MatrixRow Adapt(MatrixRow empty, MatrixContext context, MatrixFamily family, MatrixColumn column, MatrixTrial best)
    {
        var (learner, note) = _learners.Get(context, family, column);
        using var fitter = column == MatrixColumn.TransformerSteps
            ? new TestTimeLearner(learner, new TestTimeOptions { Steps = _settings.TestTimeSteps, LearningRate = best.Rate })
            : learner;
        var row = MatrixMeasurement.Of(fitter, _test, context, _settings).Describe(empty);
        return row with
        {
            OwnFloats = column == MatrixColumn.Modulation ? (learner as GradientMetaLearner)?.AdaptedFloatCount : null,
            TrainingMinutes = note.Minutes,
            OuterSteps = note.Steps,
            Remark = note.Remark,
        };
    }

    private static string Describe(MatrixFamily family, MatrixTrial best) => string.Create(CultureInfo.InvariantCulture,
        $"rate {best.Rate}{(family.Swept.Length > 0 ? $", {family.Swept} {best.Value}" : "")}");

    private MatrixSweep SweepOf(MatrixFamily family)
    {
        if (_folder.FindSweep(family) is { } known)
            return known;
        var sweep = MatrixSweeps.Run(_data, family, _data.Floats, _training.Take(_settings.SweepSignals), _settings);
        _folder.Add(sweep, family);
        Console.WriteLine($"  swept: {Describe(family, sweep.Best)}");
        return sweep;
    }
}
