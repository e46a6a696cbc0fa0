using Inr.Losses;
using Inr.Optimization;

namespace Inr.Meta;

/// <summary>The inner loop of the family for B tasks at once: an immutable description whose step maps a state to the next.</summary>
internal sealed class InnerLoop
{
    private const string LibTorch = "libtorch";

    // Added to Adam's gradients: keeps the root of the second moment differentiable where a gradient is exactly zero.
    private const double Tiny = 1e-12;

    // Solves the linear part where the options ask for it; the other takes θ as it is.
    private readonly LossFunction _loss;
    private readonly LossFunction _finished;
    private readonly AdaptationSpace _space;
    private readonly StepSizes _sizes;
    private readonly GradientMetaOptions _options;
    private readonly IUpdateRule _rule;
    private readonly ContextSelector _selector;

    public InnerLoop(ITargetFunction target, AdaptationSpace space, StepSizes sizes, GradientMetaOptions options)
    {
        _loss = new LossFunction(target, ridge: options.SolveLinearPart ? options.Ridge : null);
        _finished = new LossFunction(target);
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
        var (losses, gradient, by) = graph == StepGraph.Exact ? DifferentiateExactly(state.Adapted, samples) : Differentiate(state.Adapted, samples);
        using var __ = set_grad_enabled(graph != StepGraph.None);
        if (_options.InnerClipNorm is { } limit)
            gradient = ClipRows(gradient, limit);
        if (_options.InnerUpdate == InnerUpdate.Adam)
            gradient = gradient + Tiny;
        var (directions, rule) = _rule.Direct([state.Adapted], [gradient], state.Rule);
        var next = new InnerState(_sizes.Move(state.Adapted, directions[0], step), rule) { ComputedBy = by };
        return (next.MoveToOuterDisposeScope(), losses.detach().MoveToOuterDisposeScope());
    }

    /// <summary>θ of each task: φ with the shared weights, and the closed-form layer where the options ask for it.</summary>
    /// <param name="adapted">φ; shape [B,P].</param>
    /// <param name="context">The samples to solve for.</param>
    /// <param name="withGraph">Whether gradients flow to the shared weights too.</param>
    public ParameterSet Finish(Tensor adapted, SignalBatch context, bool withGraph)
    {
        using var scope = NewDisposeScope();
        return _loss.Solve(_space.Assemble(adapted, withGraph), LossSamples.Of(context)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean squared error of each task over the samples that are no padding; shape [B], with a graph.</summary>
    public Tensor Errors(ParameterSet parameters, SignalBatch samples) => _finished.Of(parameters, LossSamples.Of(samples));

    /// <summary><see cref="Errors"/> in pieces that bound the memory of a large signal; without a graph.</summary>
    public Tensor ErrorsInPieces(ParameterSet parameters, SignalBatch samples)
    {
        using var scope = NewDisposeScope();
        return _finished.ValueOf(parameters, LossSamples.Of(samples)).to(samples.Values.dtype).MoveToOuterDisposeScope();
    }

    // The sum over tasks keeps them apart: each row of φ only sees the loss of its own task.
    private (Tensor Losses, Tensor Gradient, string By) DifferentiateExactly(Tensor adapted, SignalBatch samples)
    {
        var losses = _loss.Of(_space.Assemble(adapted, withGraph: true), LossSamples.Of(samples));
        return (losses, Gradients.Of(losses.sum(), [adapted], higherOrder: true)[0], LibTorch);
    }

    private (Tensor Losses, Tensor Gradient, string By) Differentiate(Tensor adapted, SignalBatch samples)
    {
        var found = _loss.Differentiate([adapted], (rows, _, _) => _space.Assemble(rows[0], withGraph: false), LossSamples.Of(samples));
        return (found.Losses, found.Gradients[0], found.Kernel ?? LibTorch);
    }

    // Each task has its own norm: one that explodes must not slow the others down.
    private static Tensor ClipRows(Tensor gradient, double limit)
    {
        var norm = gradient.square().sum([1], keepdim: true).add(1e-24).sqrt();
        return gradient * (limit / norm).clamp_max(1.0);
    }
}
