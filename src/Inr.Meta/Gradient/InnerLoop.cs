using Inr.Optimization;

namespace Inr.Meta;

/// <summary>The inner loop of the family for B tasks at once: an immutable description whose step maps a state to the next.</summary>
internal sealed class InnerLoop
{
    // Added to Adam's gradients: keeps the root of the second moment differentiable where a gradient is exactly zero.
    private const double Tiny = 1e-12;

    // Without a graph to keep, a step goes through the function in pieces of this many samples: they bound its memory, and
    // on the CPU their activations stay in cache.
    private const long CpuSamplesPerPiece = 8_192;
    private const long DeviceSamplesPerPiece = 262_144;

    private readonly ITargetFunction _target;
    private readonly AdaptationSpace _space;
    private readonly StepSizes _sizes;
    private readonly GradientMetaOptions _options;
    private readonly IUpdateRule _rule;
    private readonly ContextSelector _selector;

    public InnerLoop(ITargetFunction target, AdaptationSpace space, StepSizes sizes, GradientMetaOptions options)
    {
        _target = target;
        _space = space;
        _sizes = sizes;
        _options = options;
        _selector = new ContextSelector(target, options);
        _rule = options.InnerUpdate switch
        {
            InnerUpdate.Momentum => new SgdRule(options.Momentum),
            InnerUpdate.Adam => new AdamRule(),
            _ => new SgdRule(),
        };
    }

    /// <summary>The state before the first step, with a graph to the weights it comes from.</summary>
    public InnerState Start(long batch)
    {
        using var scope = NewDisposeScope();
        var adapted = _space.Start(batch);
        return new InnerState(adapted, _rule.Initialize([adapted.detach()])).MoveToOuterDisposeScope();
    }

    /// <summary>One inner step.</summary>
    /// <param name="state">Where it starts; stays as it is.</param>
    /// <param name="context">The samples of the B tasks.</param>
    /// <param name="step">The inner step, from 0.</param>
    /// <param name="graph">What to leave for the outer loop.</param>
    /// <param name="seed">Seeds the samples that the step draws; null for all samples whatever the options say.</param>
    /// <returns>The next state, and the loss of each task at the state given; shape [B], without a graph.</returns>
    public (InnerState Next, Tensor Losses) Step(InnerState state, SignalBatch context, int step, StepGraph graph, long? seed)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        using var chosen = seed is { } s ? _selector.Select(context, () => Finish(state.Adapted.detach(), context, false), s, step) : null;
        var samples = chosen ?? context;
        var (losses, gradient) = graph == StepGraph.Exact
            ? Differentiate(state.Adapted, samples, exact: true)
            : DifferentiateInPieces(state.Adapted.detach().requires_grad_(), samples);
        using var __ = set_grad_enabled(graph != StepGraph.None);
        if (_options.InnerClipNorm is { } limit)
            gradient = ClipRows(gradient, limit);
        if (_options.InnerUpdate == InnerUpdate.Adam)
            gradient = gradient + Tiny;
        var (directions, rule) = _rule.Direct([state.Adapted], [gradient], state.Rule);
        var next = new InnerState(_sizes.Move(state.Adapted, directions[0], step), rule);
        return (next.MoveToOuterDisposeScope(), losses.detach().MoveToOuterDisposeScope());
    }

    /// <summary>θ of each task: φ with the shared weights, and the closed-form layer where the options ask for it.</summary>
    /// <param name="adapted">φ; shape [B,P].</param>
    /// <param name="context">The samples to solve for.</param>
    /// <param name="withGraph">Whether gradients flow to the shared weights too.</param>
    public ParameterSet Finish(Tensor adapted, SignalBatch context, bool withGraph)
    {
        using var scope = NewDisposeScope();
        var parameters = _space.Assemble(adapted, withGraph);
        if (_options.SolveLinear)
            parameters = ((ILinearInParameters)_target).SolveLinear(parameters, context.Coordinates, context.Values, _options.Ridge, context.Mask);
        return parameters.MoveToOuterDisposeScope();
    }

    /// <summary>The mean squared error of each task over the samples that are no padding; shape [B].</summary>
    public Tensor Errors(ParameterSet parameters, SignalBatch samples) =>
        TaskError.Mean(_target.Evaluate(parameters, samples.Coordinates), samples.Values, samples.Mask);

    /// <summary><see cref="Errors"/> in pieces that bound the memory of a large signal; without a graph.</summary>
    public Tensor ErrorsInPieces(ParameterSet parameters, SignalBatch samples)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor? total = null;
        foreach (var (start, length) in Pieces(samples))
        {
            using var piece = NewDisposeScope();
            var share = TaskError.Share(_target, parameters, samples, start, length);
            total = (total is null ? share : total + share).MoveToOuterDisposeScope();
        }

        return total!.MoveToOuterDisposeScope();
    }

    private static long SamplesPerPiece(SignalBatch samples) =>
        samples.Values.device.type == DeviceType.CPU ? CpuSamplesPerPiece : DeviceSamplesPerPiece;

    private static IEnumerable<(long Start, long Length)> Pieces(SignalBatch samples)
    {
        long length = Math.Max(1, SamplesPerPiece(samples) / samples.Count);
        for (long start = 0; start < samples.SampleCount; start += length)
            yield return (start, Math.Min(length, samples.SampleCount - start));
    }

    private (Tensor Losses, Tensor Gradient) Differentiate(Tensor adapted, SignalBatch samples, bool exact)
    {
        var losses = Errors(Finish(adapted, samples, withGraph: exact), samples);
        // The sum keeps the tasks apart: each row of φ only sees the loss of its own task.
        return (losses, Gradients.Of(losses.sum(), [adapted], higherOrder: exact)[0]);
    }

    private (Tensor Losses, Tensor Gradient) DifferentiateInPieces(Tensor adapted, SignalBatch samples)
    {
        if (_options.SolveLinear || samples.Count * samples.SampleCount <= SamplesPerPiece(samples))
            return Differentiate(adapted, samples, exact: false);
        Tensor? losses = null;
        Tensor? gradient = null;
        foreach (var (start, length) in Pieces(samples))
        {
            using var scope = NewDisposeScope();
            var parameters = _space.Assemble(adapted, withGraph: false);
            var share = TaskError.Share(_target, parameters, samples, start, length);
            var piece = Gradients.Of(share.sum(), [adapted])[0];
            if (gradient is null)
            {
                losses = share.detach().MoveToOuterDisposeScope();
                gradient = piece.MoveToOuterDisposeScope();
            }
            else
            {
                losses!.add_(share.detach());
                gradient.add_(piece);
            }
        }

        return (losses!, gradient!);
    }

    // Each task has its own norm: one that explodes must not slow the others down.
    private static Tensor ClipRows(Tensor gradient, double limit)
    {
        var norm = gradient.square().sum([1], keepdim: true).add(1e-24).sqrt();
        return gradient * (limit / norm).clamp_max(1.0);
    }
}
