namespace Inr.Meta;

/// <summary>The mean error of a batch and its gradient in θ, a few signals at a time.</summary>
/// <remarks>
/// The signals of a batch meet in the hypernetwork, not in the target function: each signal's error depends on its own θ.
/// So the target's activations need to live for a piece of the batch only, which bounds memory and keeps them in the
/// cache of a processor; what comes out is the gradient that then flows back into the hypernetwork at once.
/// </remarks>
internal static class PiecewiseErrors
{
    private const long CpuSamplesPerPiece = 4_096;
    private const long DeviceSamplesPerPiece = 262_144;

    /// <summary>The error of each signal, and the gradient of their mean in the tensors of θ that have a graph.</summary>
    /// <param name="errors">Errors [B'] of θ on B' signals of context and query, differentiable in θ.</param>
    /// <param name="theta">θ with a batch axis B; its graph is left alone.</param>
    /// <param name="solved">Names of tensors that the errors do not depend on, because they are solved for.</param>
    /// <param name="context">What the function adapts to.</param>
    /// <param name="query">What it is judged on; the context itself where they are the same.</param>
    /// <returns>Shape [B], and one gradient per tensor of <see cref="Differentiated"/>, of its shape.</returns>
    public static (Tensor Errors, Tensor[] Gradients) Differentiate(
        Func<ParameterSet, SignalBatch, SignalBatch, Tensor> errors, ParameterSet theta, IReadOnlyList<string> solved, SignalBatch context, SignalBatch query)
    {
        using var scope = NewDisposeScope();
        long most = context.Values.device.type == DeviceType.CPU ? CpuSamplesPerPiece : DeviceSamplesPerPiece;
        long length = Math.Max(1, most / Math.Max(context.SampleCount, query.SampleCount));
        var pieces = new List<Tensor[]>();
        for (long start = 0; start < context.Count; start += length)
        {
            using var inner = NewDisposeScope();
            long count = Math.Min(length, context.Count - start);
            var leaves = theta.Map((spec, t) => t.detach().narrow(0, start, count).requires_grad_(t.requires_grad && !solved.Contains(spec.Name)));
            using var seen = Narrow(context, start, count);
            using var other = ReferenceEquals(context, query) ? null : Narrow(query, start, count);
            var piece = errors(leaves, seen, other ?? seen);
            var gradients = Gradients.Of(piece.sum() / context.Count, Differentiated(leaves));
            pieces.Add([.. gradients.Append(piece.detach()).Select(t => t.MoveToOuterDisposeScope())]);
        }

        Tensor Whole(int i) => (pieces.Count == 1 ? pieces[0][i] : cat([.. pieces.Select(p => p[i])])).MoveToOuterDisposeScope();
        int next = 0;
        Tensor[] whole = [.. theta.Layout.Zip(theta.Tensors).Where(p => p.Second.requires_grad)
            .Select(p => solved.Contains(p.First.Name) ? zeros_like(p.Second).MoveToOuterDisposeScope() : Whole(next++))];
        return (Whole(next), whole);
    }

    /// <summary>The tensors of θ that have a graph, in their order.</summary>
    public static Tensor[] Differentiated(ParameterSet theta) => [.. theta.Tensors.Where(t => t.requires_grad)];

    private static SignalBatch Narrow(SignalBatch signals, long start, long count) => new(
        signals.Coordinates.dim() == 3 ? signals.Coordinates.narrow(0, start, count) : signals.Coordinates.alias(),
        signals.Values.narrow(0, start, count),
        signals.Mask?.narrow(0, start, count),
        signals.Domain);
}
