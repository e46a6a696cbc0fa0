using Inr.Losses;
using Inr.Optimization;

namespace Inr.Meta;

/// <summary>Test-time optimization: any meta-learner, followed by k steps of Adam on the θ that it gives.</summary>
/// <remarks>
/// <c>θ₀ = learner(context)</c>, <c>θ_{i+1} = θ_i − η·Adam(∇ L(f_θi, context))</c> on every trainable tensor of θ, for all
/// signals of a batch at once: the loss is the sum over signals, so that no signal's step depends on another. L is the
/// mean squared error, or what <see cref="TestTimeOptions.Loss"/> says; with <see cref="TestTimeOptions.SolveLinearPart"/> it is
/// that of the solved function (variable projection). Saving it saves the learner inside; the steps are a choice of
/// whoever loads it.
/// </remarks>
public sealed class TestTimeLearner : IMetaLearner
{
    private readonly IMetaLearner _learner;
    private readonly ITargetFunction _target;
    private readonly TestTimeOptions _options;
    private readonly double _rate;
    private readonly LossFunction _loss;

    /// <summary>Wraps a learner.</summary>
    /// <param name="learner">The learner; this object takes ownership of it.</param>
    /// <param name="options">Steps and step size; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    /// <exception cref="ArgumentException">The learner has no fixed target, or a closed form is asked for that the target lacks.</exception>
    public TestTimeLearner(IMetaLearner learner, TestTimeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        options ??= new TestTimeOptions();
        new TestTimeOptionsValidator().ThrowIfInvalid(options);
        _learner = learner;
        _options = options;
        _target = learner.Target ?? throw new ArgumentException("Test-time optimization needs a learner with a fixed target function.", nameof(learner));
        _loss = new LossFunction(_target, _options.Loss, _options.SolveLinearPart ? _options.Ridge : null);
        _rate = options.LearningRate ?? (_target as ISuggestsLearningRate)?.SuggestedLearningRate ?? 1e-3;
    }

    /// <inheritdoc/>
    public ITargetFunction? Target => _target;

    /// <inheritdoc/>
    public MetaLearnerDescription Description => _learner.Description;

    /// <inheritdoc/>
    public IReadOnlyList<MetaWeight> Weights => _learner.Weights;

    /// <inheritdoc/>
    public SignalDomain? TrainedOn
    {
        get => _learner.TrainedOn;
        set => _learner.TrainedOn = value;
    }

    /// <inheritdoc/>
    /// <remarks>Trains the learner inside, without the steps.</remarks>
    public MetaTrainingResult Train(ISignalDataset signals, MetaTrainingOptions? options = null, IProgress<MetaTrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _learner.Train(signals, options, progress, cancellationToken);

    /// <inheritdoc/>
    public ParameterSet Adapt(SignalBatch context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        using var theta = _learner.Adapt(context);
        using var moved = context.Values.IsOn(theta.Device) ? null : context.To(theta.Device);
        return Optimize(theta, moved ?? context).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var generated = _learner.Fit(context, progress, cancellationToken);
        if (_options.Steps == 0)
            return generated;
        using (generated)
        {
            var fitter = new GradientFitter(_target, new GradientFitterOptions
            {
                Steps = _options.Steps,
                LearningRate = _rate,
                Schedule = _options.Schedule,
                SolveLinearPart = _options.SolveLinearPart,
                Ridge = _options.Ridge,
                Loss = _options.Loss,
                BatchSize = _options.BatchSize,
                Seed = _options.Seed,
                Device = generated.Representation.Parameters.Device,
            });
            var result = fitter.FitFrom(generated.Representation.Parameters, context, progress, cancellationToken);
            return result with { Elapsed = generated.Elapsed + result.Elapsed };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _learner.Dispose();

    // θ after the steps; the caller's scope owns it.
    private ParameterSet Optimize(ParameterSet theta, SignalBatch samples)
    {
        using var scope = NewDisposeScope();
        if (_options.Steps == 0)
            return theta.Clone().MoveToOuterDisposeScope();
        var loop = new StepLoop
        {
            Optimizer = new FirstOrderOptimizer(new AdamRule()),
            Steps = _options.Steps,
            LearningRate = _rate,
            Schedule = _options.Schedule,
            // A signal that is lost must not end the steps of the others.
            LookEvery = null,
        };
        using var end = loop.Run(_loss.Moved(theta), step => LossOf(theta, samples, step));
        using (no_grad())
        {
            // A copy, because the set shares tensors with the learner's own θ.
            return _loss.Solve(_loss.WithMoved(theta, end.Tensors!), LossSamples.Of(samples)).Clone().MoveToOuterDisposeScope();
        }
    }

    // The sum over signals, so that no signal's step depends on another.
    private LossWithGradient LossOf(ParameterSet theta, SignalBatch signals, int step)
    {
        return moved =>
        {
            using var drawn = Draw(signals, step);
            var samples = LossSamples.Of(drawn ?? signals);
            using var noise = _options.Loss.IsRandom ? RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Noise, step) : null;
            var found = _loss.Differentiate(moved, _loss.Assembly(theta), samples, noise: noise);
            return (found.Total, [.. found.Gradients]);
        };
    }

    // Null for all samples.
    private SignalBatch? Draw(SignalBatch signals, int step)
    {
        if (_options.BatchSize is not { } size || size >= signals.SampleCount)
            return null;
        using var scope = NewDisposeScope();
        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Minibatch, step);
        // Real samples come before padding, whatever the draw.
        if (signals.Mask is not null)
            return SampleSubset.Draw(signals, (double)size / signals.SampleCount, generator);
        var index = randint(0, signals.SampleCount, [size], dtype: int64, generator: generator).to(signals.Values.device);
        return new SignalBatch(signals.Coordinates.index_select(-2, index), signals.Values.index_select(1, index));
    }
}
