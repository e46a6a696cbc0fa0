using Inr.Optimization;

namespace Inr;

/// <summary>The mean squared error where the linear part of θ is always the best one for the rest: a function of the rest alone.</summary>
/// <remarks>
/// Variable projection (Golub and Pereyra, 1973). At the minimum over the linear part W, the derivative of the penalised
/// error in W is zero, so its gradient in φ is that with W held where it is: nothing has to differentiate the solve. That
/// is what samples of several passes use. The error without its penalty also depends on how W moves, to the order of the
/// ridge; in one pass this part is included, because the implicit derivative of the solve costs little there.
/// </remarks>
internal sealed class VariableProjection
{
    private readonly LinearSplit _split;
    private readonly ParameterSet _template;
    private readonly Tensor _coordinates;
    private readonly Tensor _values;
    private readonly int _samplesPerPass;
    private readonly double _ridge;

    /// <param name="split">The target and its linear part.</param>
    /// <param name="template">θ: lends the tensors that are not trained.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <param name="values">Shape [N,c].</param>
    /// <param name="samplesPerPass">Samples that go through the function at a time.</param>
    /// <param name="ridge">The relative weight of the penalty of the solve.</param>
    public VariableProjection(LinearSplit split, ParameterSet template, Tensor coordinates, Tensor values, int samplesPerPass, double ridge)
    {
        _split = split;
        _template = template;
        _coordinates = coordinates;
        _values = values;
        _samplesPerPass = samplesPerPass;
        _ridge = ridge;
    }

    /// <summary>The error and its gradient in the free tensors; an <see cref="Objective"/>.</summary>
    public (Tensor Loss, Tensor[] Gradients) WithGradient(IReadOnlyList<Tensor> free)
    {
        using var scope = NewDisposeScope();
        // A line search may ask from inside a no_grad block.
        using var recording = enable_grad();
        if (_split.Target is ILastLayerFeatures last && _coordinates.shape[0] <= _samplesPerPass)
        {
            // One pass: the features serve the solve and the prediction.
            var leaves = free.Select(t => t.detach().requires_grad_()).ToArray();
            var theta = _split.WithFree(_template, leaves);
            var features = last.Features(theta, _coordinates);
            if (!AreUsable(features))
                return Lost(free);
            var solved = last.SolveLastLayer(theta, features, _values, _ridge, derivatives: 1);
            var loss = (last.ApplyLastLayer(solved, features) - _values).square().mean();
            var gradients = Gradients.Of(loss, leaves);
            return (loss.detach().MoveToOuterDisposeScope(), [.. gradients.Select(g => g.MoveToOuterDisposeScope())]);
        }

        if (Solve(_split.WithFree(_template, free)) is not { } best)
            return Lost(free);
        var (total, sums) = new MeanSquaredError(_split.Target, _coordinates, _values, _samplesPerPass)
            .WithGradient(free, leaves => _split.WithFree(best, leaves));
        return (total.MoveToOuterDisposeScope(), [.. sums.Select(g => g.MoveToOuterDisposeScope())]);
    }

    /// <summary>θ with its linear part solved on all samples, without a graph; null where θ or what it gives is not finite.</summary>
    public ParameterSet? Solve(ParameterSet parameters)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (_split.Target is not ILastLayerFeatures last)
            return parameters.HasNonFinite() ? null : _split.Target.SolveLinear(parameters, _coordinates, _values, _ridge).MoveToOuterDisposeScope();
        var features = Features(last, parameters);
        return AreUsable(features) ? last.SolveLastLayer(parameters, features, _values, _ridge, derivatives: 1).MoveToOuterDisposeScope() : null;
    }

    // A factorisation of numbers that are not finite, or whose squares are not, fails in native code.
    private static bool AreUsable(Tensor features)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return double.IsFinite(features.detach().square().sum().to(ScalarType.Float64).item<double>());
    }

    // What a diverged step reports.
    private static (Tensor Loss, Tensor[] Gradients) Lost(IReadOnlyList<Tensor> free) =>
        (full([], double.NaN, device: free[0].device).MoveToOuterDisposeScope(), [.. free.Select(t => zeros_like(t).MoveToOuterDisposeScope())]);

    // In passes, because the layers before need far more memory than their result.
    private Tensor Features(ILastLayerFeatures last, ParameterSet parameters)
    {
        long count = _coordinates.shape[0];
        if (count <= _samplesPerPass)
            return last.Features(parameters, _coordinates);
        Tensor? all = null;
        for (long start = 0; start < count; start += _samplesPerPass)
        {
            using var piece = NewDisposeScope();
            long length = Math.Min(_samplesPerPass, count - start);
            var features = last.Features(parameters, _coordinates.narrow(0, start, length));
            all ??= empty([count, features.shape[1]], features.dtype, features.device).MoveToOuterDisposeScope();
            all.narrow(0, start, length).copy_(features);
        }

        return all!;
    }
}
