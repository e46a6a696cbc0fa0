using Inr.Optimization;

namespace Inr.Meta;

/// <summary>Test-time optimisation: any meta-learner, followed by k steps of Adam on the θ that it gives.</summary>
/// <remarks>
/// <c>θ₀ = learner(context)</c>, <c>θ_{i+1} = θ_i − η·Adam(∇ MSE(f_θi, context))</c> on every trainable tensor of θ, for all
/// signals of a batch at once: the loss is the sum over signals, so that no signal's step depends on another. With
/// <see cref="TestTimeOptions.SolveLinearPart"/> the loss is that of the solved function (variable projection). Saving it
/// saves the learner inside; the steps are a choice of whoever loads it.
/// </remarks>
public sealed class TestTimeLearner : IMetaLearner
{
    private readonly IMetaLearner _learner;
    private readonly ITargetFunction _target;
    private readonly TestTimeOptions _options;
    private readonly double _rate;

    // Null where the steps move every trainable tensor.
    private readonly LinearSplit? _split;

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
        _options = options.Copy();
        _target = learner.Target ?? throw new ArgumentException("Test-time optimisation needs a learner with a fixed target function.", nameof(learner));
        _split = options.SolveLinearPart ? new LinearSplit(_target, nameof(TestTimeOptions.SolveLinearPart)) : null;
        _rate = options.LearningRate ?? (_target as ISuggestsLearningRate)?.SuggestedLearningRate ?? 1e-3;
    }

    /// <inheritdoc/>
    public ITargetFunction? Target => _target;

    /// <inheritdoc/>
    public MetaLearnerDescription Description => _learner.Description;

    /// <inheritdoc/>
    public IReadOnlyList<MetaWeight> Weights => _learner.Weights;

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
        return Optimise(theta, moved ?? context).MoveToOuterDisposeScope();
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
                SolveRidge = _options.SolveRidge,
                Device = generated.Representation.Parameters.Device,
            });
            var result = fitter.FitFrom(generated.Representation.Parameters, context, progress, cancellationToken);
            return result with { Elapsed = generated.Elapsed + result.Elapsed };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _learner.Dispose();

    // θ after the steps; the caller's scope owns it.
    private ParameterSet Optimise(ParameterSet theta, SignalBatch samples)
    {
        using var scope = NewDisposeScope();
        var optimizer = new FirstOrderOptimizer(new AdamRule());
        var trainable = _split?.Free(theta) ?? theta.Trainable();
        var state = optimizer.Initialize(trainable);
        for (int step = 0; step < _options.Steps; step++)
        {
            using var inner = NewDisposeScope();
            var (updated, next, _) = optimizer.Step(trainable, state, tensors => Differentiate(theta, tensors, samples), _rate * _options.Schedule.Factor(step, _options.Steps));
            Release(trainable, state, step);
            trainable = [.. updated.Select(t => t.MoveToOuterDisposeScope())];
            state = next;
            foreach (var t in state.Tensors)
                t.MoveToOuterDisposeScope();
        }

        if (_options.Steps == 0)
            return theta.Clone().MoveToOuterDisposeScope();
        var result = WithMoved(theta, trainable);
        if (_split is not null)
        {
            using (no_grad())
                result = SolvedErrors.Solve(_split.Target, result, _options.SolveRidge, samples);
        }

        // A copy, because a step-free or solved set may share tensors with the learner's own θ.
        return result.Clone().MoveToOuterDisposeScope();
    }

    private (Tensor Loss, Tensor[] Gradients) Differentiate(ParameterSet theta, IReadOnlyList<Tensor> tensors, SignalBatch samples)
    {
        using var recording = enable_grad();
        var leaves = tensors.Select(t => t.detach().requires_grad_()).ToArray();
        var set = WithMoved(theta, leaves);
        var errors = _split is not null
            ? SolvedErrors.Of(_split.Target, set, _options.SolveRidge, samples, samples)
            : SignalErrors.Of(_target, set, samples);
        var loss = errors.sum();
        return (loss.detach(), Gradients.Of(loss, leaves));
    }

    private ParameterSet WithMoved(ParameterSet theta, IReadOnlyList<Tensor> moved) => _split?.WithFree(theta, moved) ?? theta.WithTrainable(moved);

    // What the step before left behind; the θ of the learner itself is still needed for its fixed tensors.
    private static void Release(Tensor[] trainable, OptimizerState state, int step)
    {
        state.Dispose();
        if (step == 0)
            return;
        foreach (var t in trainable)
            t.Dispose();
    }
}
