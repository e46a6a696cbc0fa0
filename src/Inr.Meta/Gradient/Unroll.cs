namespace Inr.Meta;

/// <summary>The outer gradient of the family: how the mean query loss after the inner loop depends on the weights.</summary>
/// <remarks>
/// With the update written φ_{k+1} = U_k(φ_k, w), the chain rule backwards is λ_k = (∂U_k/∂φ_k)ᵀ λ_{k+1}, and
/// (∂U_k/∂w)ᵀ λ_{k+1} adds to the gradient of the weights w. <see cref="Stored"/> lets autograd keep all graphs and does it
/// in one sweep; <see cref="Recomputed"/> keeps φ_k alone and replays step k when its turn comes.
/// </remarks>
internal sealed class Unroll
{
    private readonly InnerLoop _loop;
    private readonly GradientMetaOptions _options;
    private readonly Tensor[] _weights;
    private readonly bool _needsEarlySteps;

    /// <param name="loop">The inner loop.</param>
    /// <param name="options">How to differentiate.</param>
    /// <param name="trained">The trained weights.</param>
    /// <param name="learnsStepSizes">Whether step sizes are among them.</param>
    public Unroll(InnerLoop loop, GradientMetaOptions options, IEnumerable<Tensor> trained, bool learnsStepSizes)
    {
        _loop = loop;
        _options = options;
        _weights = [.. trained];
        _needsEarlySteps = learnsStepSizes;
    }

    /// <summary>The gradient that the options ask for.</summary>
    /// <param name="batch">The tasks.</param>
    /// <param name="seed">Seeds the samples that inner steps draw.</param>
    public MetaGradient Differentiate(MetaBatch batch, long seed)
    {
        using var scope = NewDisposeScope();
        Tensor[]? sums = null;
        var errors = new List<Tensor>();
        foreach (var (first, count) in TaskPieces.Of(batch, _options.SamplesPerPiece))
        {
            if (count == batch.Count)
                return Moved(OfPiece(batch, 1, seed));
            batch.Cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            using var piece = TaskPieces.Narrow(batch, first, count);
            // Each piece draws samples of its own.
            var part = Moved(OfPiece(piece, (double)count / batch.Count, unchecked(seed + first)));
            errors.Add(part.TaskErrors);
            if (sums is null)
                sums = [.. part.Gradients];
            else
                Add(sums, part.Gradients);
        }

        return Moved(new MetaGradient(sums!, cat(errors)));
    }

    // The piece's part of the gradient of the mean over all tasks.
    private MetaGradient OfPiece(MetaBatch piece, double share, long seed)
    {
        if (_options.OuterGradient == OuterGradient.Displacement)
            return Displacement(piece, share, seed);
        return _options.RecomputeSteps ? Recomputed(piece, share, seed) : Stored(piece, share, seed);
    }

    private MetaGradient Stored(MetaBatch batch, double share, long seed)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var state = _loop.Start(batch.Count);
        for (int k = 0; k < _options.InnerSteps; k++)
        {
            batch.Cancellation.ThrowIfCancellationRequested();
            (state, _) = _loop.Step(state, batch.Context, k, GraphOf(k), seed);
        }

        var errors = QueryErrors(state.Adapted, batch);
        return Moved(new MetaGradient(Gradients.Of(errors.mean() * share, _weights), errors));
    }

    private MetaGradient Recomputed(MetaBatch batch, double share, long seed)
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var start = _loop.Start(batch.Count);
        var states = new InnerState[_options.InnerSteps + 1];
        states[0] = new InnerState(start.Adapted.detach(), start.Rule);
        for (int k = 0; k < _options.InnerSteps; k++)
        {
            batch.Cancellation.ThrowIfCancellationRequested();
            (states[k + 1], _) = _loop.Step(states[k], batch.Context, k, StepGraph.None, seed);
        }

        var last = states[^1].AsLeaves();
        var errors = QueryErrors(last.Adapted, batch);
        var found = Gradients.Of(errors.mean() * share, [last.Adapted, .. _weights]);
        Tensor[] adjoint = [found[0], .. last.Rule.Tensors.Select(t => zeros_like(t))];
        Tensor[] sums = found[1..];
        for (int k = _options.InnerSteps - 1; k >= 0; k--)
        {
            batch.Cancellation.ThrowIfCancellationRequested();
            // A first-order step moves φ by a constant: its adjoint passes through, and only step sizes have a gradient.
            if (GraphOf(k) == StepGraph.Exact || _needsEarlySteps)
                Replay(states[k], batch.Context, k, seed, adjoint, sums);
        }

        if (start.Adapted.requires_grad)
            Add(sums, Gradients.Of((start.Adapted * adjoint[0]).sum(), _weights));
        return Moved(new MetaGradient(sums, errors));
    }

    // Pulls the adjoint back through step k and adds the step's part of the gradient of the weights.
    private void Replay(InnerState state, SignalBatch context, int k, long seed, Tensor[] adjoint, Tensor[] sums)
    {
        using var scope = NewDisposeScope();
        var leaves = state.AsLeaves();
        var (next, _) = _loop.Step(leaves, context, k, GraphOf(k), seed);
        var outputs = next.Tensors;
        var product = zeros_like(adjoint[0]).sum();
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].requires_grad)
                product = product + (outputs[i] * adjoint[i]).sum();
        }

        int carried = outputs.Length;
        var found = Gradients.Of(product, [.. leaves.Tensors, .. _weights]);
        for (int i = 0; i < carried; i++)
        {
            adjoint[i].Dispose();
            adjoint[i] = found[i].MoveToOuterDisposeScope();
        }

        Add(sums, found[carried..]);
    }

    // Reptile: gradient descent on this "gradient" moves the initialization towards the mean of the adapted parameters.
    private MetaGradient Displacement(MetaBatch batch, double share, long seed)
    {
        using var scope = NewDisposeScope();
        var start = _loop.Start(batch.Count);
        var state = new InnerState(start.Adapted.detach(), start.Rule);
        for (int k = 0; k < _options.InnerSteps; k++)
        {
            batch.Cancellation.ThrowIfCancellationRequested();
            (state, _) = _loop.Step(state, batch.Context, k, StepGraph.None, seed);
        }

        using var silent = no_grad();
        var errors = _loop.Errors(_loop.Finish(state.Adapted, batch.Context, withGraph: false), batch.Query);
        return Moved(new MetaGradient([(start.Adapted - state.Adapted).mean([0]) * share], errors));
    }

    private Tensor QueryErrors(Tensor adapted, MetaBatch batch) =>
        _loop.Errors(_loop.Finish(adapted, batch.Context, withGraph: true), batch.Query);

    private StepGraph GraphOf(int step) =>
        step >= _options.InnerSteps - _options.DifferentiatedSteps ? StepGraph.Exact : StepGraph.FirstOrder;

    private static void Add(Tensor[] sums, IReadOnlyList<Tensor> parts)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i].add_(parts[i]);
    }

    private static MetaGradient Moved(MetaGradient result)
    {
        foreach (var g in result.Gradients)
            g.MoveToOuterDisposeScope();
        return result with { TaskErrors = result.TaskErrors.detach().MoveToOuterDisposeScope() };
    }
}
