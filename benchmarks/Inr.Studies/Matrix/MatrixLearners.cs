using System.Globalization;
using Inr.Meta;
using Inr.Optimization;

namespace Inr.Studies.Matrix;

/// <summary>Trains the learners of a data set, or takes finished ones from the folder.</summary>
/// <remarks>
/// Learners for sparse and noisy contexts are trained on such contexts and judged on clean samples. They go on from the one
/// that saw whole signals, except where a transformer reads sets of samples instead of patches.
/// </remarks>
internal sealed class MatrixLearners
{
    private const int GradientBatch = 4;
    private const int TransformerBatch = 8;
    private const int LatentSize = 64;
    private const int Patch = 8;
    private const int SamplesPerToken = 16;

    // Of the samples, in each step of training; whole signals where the learner is judged.
    private const double GradientShare = 0.25;
    private const double TransformerShare = 0.25;
    private const double Rate = 1e-3;
    private const int RateSignals = 4;
    private const int MamlSteps = 3;
    private const int ReptileSteps = 8;
    private const double LastFactor = 0.05;

    private readonly MatrixData _data;
    private readonly MatrixSettings _settings;
    private readonly MatrixFolder _folder;
    private readonly ISignalDataset _signals;
    private readonly Func<MatrixFamily, MatrixSweep> _sweep;

    /// <param name="data">The kind of signals.</param>
    /// <param name="settings">How long to train.</param>
    /// <param name="folder">Where finished learners are.</param>
    /// <param name="signals">What to learn from.</param>
    /// <param name="sweep">The shape that suits a family.</param>
    public MatrixLearners(MatrixData data, MatrixSettings settings, MatrixFolder folder, ISignalDataset signals, Func<MatrixFamily, MatrixSweep> sweep)
    {
        _data = data;
        _settings = settings;
        _folder = folder;
        _signals = signals;
        _sweep = sweep;
    }

    /// <summary>Whether the learner of a context goes on from the one of whole signals.</summary>
    public static bool Continues(MatrixContext context, MatrixColumn column) =>
        context != MatrixContext.All[0] && !(context.IsSparse && IsTransformer(column));

    /// <summary>The seconds of its own training that a learner still needs; what it goes on from is not counted.</summary>
    public static double OwnSecondsToDo(MatrixFolder folder, MatrixSettings settings, MatrixContext context, MatrixFamily family, MatrixColumn column) =>
        File.Exists(NotePath(folder.LearnerPath(context, family, column))) ? 0 : settings.TrainingSeconds(context == MatrixContext.All[0], Continues(context, column));

    /// <summary>The learner of a cell, trained; the caller owns it.</summary>
    public (IMetaLearner Learner, LearnerNote Note) Get(MatrixContext context, MatrixFamily family, MatrixColumn column)
    {
        column = Trained(column);
        string path = _folder.LearnerPath(context, family, column);
        if (File.Exists(NotePath(path)) && StudyFile.Load<LearnerNote>(NotePath(path)) is { } note)
            return (MetaLearner.Load(path), note);

        bool continues = Continues(context, column);
        var (learner, before) = continues ? Get(MatrixContext.All[0], family, column) : (Create(context, family, column), new LearnerNote(0, 0, ""));
        try
        {
            var done = Train(learner, context, column, continues, before);
            learner.Save(path);
            // Written last: a learner whose note is there is finished.
            StudyFile.Save(NotePath(path), done);
            return (learner, done);
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    private static bool IsTransformer(MatrixColumn column) => column.Name.StartsWith(MatrixColumn.Transformer.Name, StringComparison.Ordinal);

    // The steps at test time need no training of their own.
    private static MatrixColumn Trained(MatrixColumn column) => column == MatrixColumn.TransformerSteps ? MatrixColumn.Transformer : column;

    private static string NotePath(string learner) => learner + ".json";

    private IMetaLearner Create(MatrixContext context, MatrixFamily family, MatrixColumn column)
    {
        var target = MatrixTargets.Build(_data, family, _sweep(family).Best.Value, _data.Floats);
        using var start = family.StartsFromMean ? MeanSignal.Solve((ILinearInParameters)target, _signals) : null;
        return IsTransformer(column) ? Transformer(target, family, start, context, column) : Gradient(target, family, start, column);
    }

    private GradientMetaLearner Gradient(ITargetFunction target, MatrixFamily family, ParameterSet? start, MatrixColumn column)
    {
        var options = Options(column);
        if (column != MatrixColumn.Modulation)
            options = options with { StepSize = family.InnerRates.MinBy(rate => LossBeforeTraining(target, start, column, rate)) };
        return new GradientMetaLearner(target, options, start);
    }

    // How near the inner steps come before anything is learned.
    private double LossBeforeTraining(ITargetFunction target, ParameterSet? start, MatrixColumn column, double rate)
    {
        using var learner = new GradientMetaLearner(target, Options(column) with { StepSize = rate }, start);
        double loss = 0;
        for (int i = 0; i < Math.Min(RateSignals, _signals.Count); i++)
        {
            using var signal = _signals.Load(i);
            using var result = learner.Fit(signal);
            loss += result.Loss;
        }

        return loss;
    }

    private GradientMetaOptions Options(MatrixColumn column)
    {
        var options = column == MatrixColumn.Modulation ? GradientMethods.Functa(LatentSize)
            : column == MatrixColumn.Reptile ? GradientMethods.Reptile()
            : GradientMethods.Maml();
        options = options with { Seed = _settings.Seed };
        if (column == MatrixColumn.Reptile)
            return options with { InnerSteps = ReptileSteps };
        // One step size cannot suit every tensor of every family: each learns its own. Reptile has none to learn.
        return column == MatrixColumn.Maml ? options with { InnerSteps = MamlSteps, StepSizeRule = StepSizeRule.PerTensor } : options;
    }

    private TransformerMetaLearner Transformer(ITargetFunction target, MatrixFamily family, ParameterSet? start, MatrixContext context, MatrixColumn column)
    {
        var options = new TransformerOptions
        {
            Dimension = 128,
            Depth = 3,
            Heads = 4,
            HeadDimension = 32,
            FeedForward = 256,
            WeightGroups = 16,
            PatchSize = Patch,
            // Neighbours in time share a token; scattered samples are a set.
            SamplesPerToken = context.IsSparse ? 1 : SamplesPerToken,
            UpdateRule = family.UpdateRule,
            InstanceBiases = family.UpdateRule != WeightUpdateRule.Normalize,
            // The content of a patch is then not drowned by its place.
            EmbeddingScale = 0.1,
            SolveLinearPart = column == MatrixColumn.TransformerSolved,
        };
        var learner = new TransformerMetaLearner(target, _data.IsImage && !context.IsSparse ? _data.Grid[0] : null, options, seed: _settings.Seed);
        if (start is not null)
            MeanSignal.CopyTo(start, learner);
        return learner;
    }

    private static void Stop(CancellationTokenSource source, bool isOver)
    {
        if (isOver)
            source.Cancel();
    }

    private LearnerNote Train(IMetaLearner learner, MatrixContext context, MatrixColumn column, bool continues, LearnerNote before)
    {
        bool isFirst = context == MatrixContext.All[0];
        double seconds = _settings.TrainingSeconds(isFirst, continues);
        bool counted = _settings.OuterSteps > 0;
        var clock = new SpentTime(_settings.Clock);
        bool sets = IsTransformer(column);
        var options = new MetaTrainingOptions
        {
            Steps = counted ? Math.Max(1, _settings.TrainingSteps(isFirst, continues)) : int.MaxValue,
            BatchSize = sets ? TransformerBatch : GradientBatch,
            LearningRate = Rate,
            // Over the time of the whole run: a limit in seconds does not know its steps.
            Schedule = counted ? LearningRateSchedule.Cosine(LastFactor) : LearningRateSchedules.OverTime(() => clock.Seconds / seconds, LastFactor),
            ContextFraction = context.IsSparse ? context.Context.Fraction : sets ? 1 : GradientShare,
            QueryFraction = sets ? TransformerShare : GradientShare,
            ClipNorm = 1,
            ReportEvery = 1,
            Seed = _settings.Seed,
        };
        using var stop = new CancellationTokenSource();
        clock.Start();
        try
        {
            var objective = learner is GradientMetaLearner gradient ? gradient.AsObjective() : ((TransformerMetaLearner)learner).Objective;
            var result = new MetaTrainer(context.IsNoisy ? new NoisyObjective(objective, context.Context.Noise / 255) : objective, options)
                .Run(_signals, new AfterStep(() => Stop(stop, !counted && clock.Seconds >= seconds)), stop.Token);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  trained: {result.Psnr:0.00} dB after {result.Steps} steps in {clock.Seconds:0.0} s"));
            return new LearnerNote(before.Minutes + (clock.Seconds / 60), before.Steps + result.Steps, before.Remark);
        }
        catch (DivergedException e)
        {
            // The weights are the last good ones: what they are worth is part of the picture.
            Console.WriteLine($"  training diverged: {e.Message}");
            return new LearnerNote(before.Minutes + (clock.Seconds / 60), before.Steps + e.Step - 1, $"{before.Remark} training diverged at step {e.Step}".Trim());
        }
    }
}
