using Inr.Cli.Runtime;
using Inr.Meta;

namespace Inr.Cli.Learners;

/// <summary>A trained learner as the user wants it to adapt: as it was trained, with a number of inner steps, or with gradient steps after it.</summary>
internal sealed class LearnerRun : IDisposable
{
    private readonly TestTimeLearner? _optimizing;
    private readonly int? _innerSteps;

    private LearnerRun(IMetaLearner learner, int? innerSteps, int optimizeSteps)
    {
        Learner = learner;
        _innerSteps = innerSteps;
        _optimizing = optimizeSteps > 0 ? new TestTimeLearner(learner, new TestTimeOptions { Steps = optimizeSteps }) : null;
    }

    /// <summary>The learner.</summary>
    public IMetaLearner Learner { get; }

    /// <summary>The number of values of a sample that it takes and gives.</summary>
    public int Channels => Learner.Target!.OutputDimension;

    /// <summary>The number of axes of the signals that it takes.</summary>
    public int Axes => Learner.Target!.InputDimension;

    /// <summary>Loads a learner.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="inner">The option of inner steps and its value; null as trained.</param>
    /// <param name="optimize">The option of gradient steps and its value; null for none.</param>
    /// <param name="context">Where it runs.</param>
    /// <exception cref="CliException">The options make no sense for this learner.</exception>
    public static LearnerRun Load(string path, (string Name, int? Value) inner, (string Name, int? Value) optimize, RunContext context)
    {
        Require.AtLeast(inner.Name, inner.Value, 0);
        Require.AtLeast(optimize.Name, optimize.Value, 0);
        if (inner.Value is not null && optimize.Value is > 0)
            throw CliException.BadUsage($"{inner.Name} and {optimize.Name} exclude each other: gradient steps start from what the learner gives as it was trained.");
        var learner = MetaLearner.Load(path, context.Device.Resolve());
        try
        {
            if (inner.Value is not null && learner is not GradientMetaLearner)
                throw CliException.BadUsage($"{inner.Name} has no meaning here: a {learner.Description.Kind} has no inner steps.");
            if (learner.Target is null)
                throw CliException.Failed($"A {learner.Description.Kind} does not adapt to single signals.");
            return new LearnerRun(learner, inner.Value, optimize.Value ?? 0);
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    /// <summary>Adapts to a signal.</summary>
    public FitResult Fit(Signal signal, IProgress<FitProgress>? progress, CancellationToken cancellation) => (_optimizing, _innerSteps) switch
    {
        ({ } optimizing, _) => optimizing.Fit(signal, progress, cancellation),
        (_, { } steps) => ((GradientMetaLearner)Learner).Fit(signal, steps, progress, cancellation),
        _ => Learner.Fit(signal, progress, cancellation),
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        // It owns the learner.
        if (_optimizing is not null)
            _optimizing.Dispose();
        else
            Learner.Dispose();
    }
}
