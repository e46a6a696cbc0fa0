using Inr.Losses;

namespace Inr.Meta;

/// <summary>Chooses the samples of an inner step.</summary>
/// <remarks>
/// The gradient of a sample's squared error with respect to a linear last layer is the outer product of its error e and
/// its features [h, 1], so its norm is ‖e‖·√(‖h‖² + 1): a forward pass ranks the samples, no backward pass is needed
/// (Tack et al., GradNCP, NeurIPS 2023). For a target that does not expose features the norm of the error ranks them.
/// </remarks>
internal sealed class ContextSelector
{
    private readonly ITargetFunction _target;
    private readonly GradientMetaOptions _options;

    public ContextSelector(ITargetFunction target, GradientMetaOptions options)
    {
        _target = target;
        _options = options;
    }

    /// <summary>The chosen samples, to be disposed of by the caller; null where the step uses all of them.</summary>
    /// <param name="context">All samples.</param>
    /// <param name="current">Makes θ of each task at the start of the step, where the choice needs it.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="step">The inner step.</param>
    public SignalBatch? Select(SignalBatch context, Func<ParameterSet> current, long seed, int step)
    {
        if (_options.Selection == ContextSelection.All || _options.SelectionShare == 1)
            return null;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_options.Selection == ContextSelection.Random)
        {
            using var generator = RandomStreams.Create(seed, RandomStreams.Purpose.InnerStep, step);
            return SampleSubset.Draw(context, _options.SelectionShare, generator);
        }

        long count = Math.Clamp((long)Math.Round(context.SampleCount * _options.SelectionShare), 1, context.SampleCount);
        return SampleSubset.Largest(context, Scores(context, current()), count);
    }

    private Tensor Scores(SignalBatch context, ParameterSet parameters)
    {
        var error = PointwiseError.Squared.Of(_target.Evaluate(parameters, context.Coordinates), context.Values).sum([-1]);
        return _target is ILastLayerFeatures features
            ? error * (features.Features(parameters, context.Coordinates).square().sum([-1]) + 1)
            : error;
    }
}
