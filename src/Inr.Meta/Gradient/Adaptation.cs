namespace Inr.Meta;

/// <summary>The inner loop without an outer gradient: memory does not grow with the steps, and a task that diverges keeps its best state.</summary>
internal sealed class Adaptation
{
    // A loss this many times the one before the first step is taken for divergence: sines stay finite where the fit is lost.
    private const double DivergenceFactor = 2;

    private readonly InnerLoop _loop;
    private readonly long? _seed;
    private readonly bool _keepBest;

    /// <param name="loop">The inner loop.</param>
    /// <param name="seed">Seeds the samples that steps draw; null for all samples.</param>
    /// <param name="keepBest">Whether each task ends in the state of its lowest loss. Otherwise only a task that diverged does, and the others end where training saw them.</param>
    public Adaptation(InnerLoop loop, long? seed, bool keepBest = false)
    {
        _loop = loop;
        _seed = seed;
        _keepBest = keepBest;
    }

    /// <summary>What computed loss and gradient of the last step; null before the first.</summary>
    public string? Engine { get; private set; }

    /// <summary>Runs the loop for one piece of the tasks after the other.</summary>
    /// <param name="context">B tasks.</param>
    /// <param name="steps">Inner steps.</param>
    /// <param name="samplesPerPiece">How large pieces are.</param>
    /// <returns>θ of each task and its loss over the context, shape [B].</returns>
    public (ParameterSet Parameters, Tensor Losses) RunInPieces(SignalBatch context, int steps, int? samplesPerPiece)
    {
        using var scope = NewDisposeScope();
        var sets = new List<ParameterSet>();
        var losses = new List<Tensor>();
        foreach (var (first, count) in TaskPieces.Of(context, samplesPerPiece))
        {
            using var piece = TaskPieces.Narrow(context, first, count);
            var task = Run(piece, steps);
            sets.Add(task.Parameters);
            losses.Add(task.Losses);
        }

        if (sets.Count == 1)
            return (sets[0].MoveToOuterDisposeScope(), losses[0].MoveToOuterDisposeScope());
        var together = new ParameterSet(sets[0].Layout, [.. Enumerable.Range(0, sets[0].Layout.Count).Select(i => cat([.. sets.Select(s => s[i])]))]);
        return (together.MoveToOuterDisposeScope(), cat(losses).MoveToOuterDisposeScope());
    }

    /// <summary>Runs the loop.</summary>
    /// <param name="context">B tasks.</param>
    /// <param name="steps">Inner steps.</param>
    /// <param name="afterStep">Told the steps done and the losses before the last of them, shape [B]; returns false to stop. Null to run through.</param>
    /// <returns>θ of each task, the φ that it is made of (shape [B,P]), its loss over the context (shape [B]), and the steps done.</returns>
    public (ParameterSet Parameters, Tensor Adapted, Tensor Losses, int Steps) Run(SignalBatch context, int steps, Func<int, Tensor, bool>? afterStep = null)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var start = _loop.Start(context.Count);
        var state = new InnerState(start.Adapted.detach(), start.Rule);
        var best = state.Adapted.clone();
        Tensor? bestLosses = null;
        Tensor? firstLosses = null;
        int done = 0;
        bool goesOn = afterStep?.Invoke(0, empty(0, device: context.Values.device)) ?? true;
        while (done < steps && goesOn)
        {
            using var step = NewDisposeScope();
            var (next, losses) = _loop.Step(state, context, done, StepGraph.None, _seed);
            firstLosses ??= losses.clone().MoveToOuterDisposeScope();
            if (bestLosses is null)
            {
                bestLosses = losses.clone().MoveToOuterDisposeScope();
            }
            else
            {
                // In place, so that the loop holds two states however many steps it takes. NaN is never lower.
                var better = losses < bestLosses;
                best.copy_(where(better.unsqueeze(1), state.Adapted, best));
                bestLosses.copy_(where(better, losses, bestLosses));
            }

            if (done > 0)
                Release(state);
            state = next.MoveToOuterDisposeScope();
            Engine = state.ComputedBy;
            done++;
            goesOn = afterStep?.Invoke(done, losses) ?? true;
        }

        var adapted = state.Adapted;
        var (parameters, final) = Judge(adapted, context);
        if (firstLosses is not null)
        {
            // Written so that NaN counts as lost.
            var lost = (final <= (_keepBest ? bestLosses! : firstLosses * DivergenceFactor)).logical_not();
            if (lost.any().item<bool>())
            {
                adapted = where(lost.unsqueeze(1), best, adapted);
                (parameters, final) = Judge(adapted, context);
            }
        }

        return (parameters.MoveToOuterDisposeScope(), adapted.clone().MoveToOuterDisposeScope(), final.MoveToOuterDisposeScope(), done);
    }

    private (ParameterSet Parameters, Tensor Losses) Judge(Tensor adapted, SignalBatch context)
    {
        using var scope = NewDisposeScope();
        var parameters = _loop.Finish(adapted, context, withGraph: false);
        return (parameters.MoveToOuterDisposeScope(), _loop.ErrorsInPieces(parameters, context).MoveToOuterDisposeScope());
    }

    private static void Release(InnerState state)
    {
        foreach (var t in state.Tensors)
            t.Dispose();
    }
}
