using Inr.Optimization;

namespace Inr;

/// <summary>The mean squared error of a target function over samples, in pieces that bound memory and stay in cache.</summary>
internal sealed class MeanSquaredError
{
    private readonly ITargetFunction _target;
    private readonly Func<long, long, Tensor> _coordinates;
    private readonly Tensor _values;
    private readonly int _samplesPerPass;

    // Kept rather than made for each piece: the native half of a scalar is freed only when it is finalised, and until then
    // it lies between the freed activations and keeps the heap from reusing them.
    private readonly Scalar _count;

    /// <param name="target">The function.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <param name="values">Shape [N,c].</param>
    /// <param name="samplesPerPass">Samples of a piece.</param>
    public MeanSquaredError(ITargetFunction target, Tensor coordinates, Tensor values, int samplesPerPass)
    {
        _target = target;
        _coordinates = (start, length) => coordinates.narrow(0, start, length);
        _values = values;
        _count = values.numel();
        _samplesPerPass = samplesPerPass;
    }

    /// <summary>The error over all samples of a signal, whose coordinates are made piece by piece.</summary>
    public MeanSquaredError(ITargetFunction target, Signal signal, int samplesPerPass)
    {
        _target = target;
        _coordinates = signal.CoordinatesOf;
        _values = signal.Values;
        _count = _values.numel();
        _samplesPerPass = samplesPerPass;
    }

    /// <summary>The loss and its gradient in some tensors of θ.</summary>
    /// <param name="moved">The tensors.</param>
    /// <param name="assemble">θ from leaves in the place of those tensors.</param>
    public (Tensor Loss, Tensor[] Gradients) WithGradient(IReadOnlyList<Tensor> moved, Func<Tensor[], ParameterSet> assemble)
    {
        using var scope = NewDisposeScope();
        // A line search may ask from inside a no_grad block.
        using var recording = enable_grad();
        var leaves = moved.Select(t => t.detach().requires_grad_()).ToArray();
        var parameters = assemble(leaves);
        Tensor? total = null;
        Tensor[]? sums = null;
        foreach (var (x, y) in Pieces())
        {
            using var piece = NewDisposeScope();
            var loss = Share(parameters, x, y);
            var gradients = Gradients.Of(loss, leaves);
            if (sums is null)
            {
                sums = [.. gradients.Select(g => g.MoveToOuterDisposeScope())];
                total = loss.detach().MoveToOuterDisposeScope();
            }
            else
            {
                for (int i = 0; i < sums.Length; i++)
                    sums[i].add_(gradients[i]);
                total!.add_(loss.detach());
            }
        }

        foreach (var g in sums!)
            g.MoveToOuterDisposeScope();
        return (total!.MoveToOuterDisposeScope(), sums);
    }

    /// <summary>The loss alone.</summary>
    public double Value(ParameterSet parameters)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        double total = 0;
        foreach (var (x, y) in Pieces())
        {
            using var piece = NewDisposeScope();
            total += Number.Of(Share(parameters, x, y));
        }

        return total;
    }

    // The piece's part of the mean over all samples and channels.
    private Tensor Share(ParameterSet parameters, Tensor x, Tensor y)
    {
        var difference = _target.Evaluate(parameters, x) - y;
        // A product, because a power takes a scalar.
        return (difference * difference).sum() / _count;
    }

    private IEnumerable<(Tensor X, Tensor Y)> Pieces()
    {
        long count = _values.shape[0];
        for (long start = 0; start < count; start += _samplesPerPass)
        {
            long length = Math.Min(_samplesPerPass, count - start);
            using var x = _coordinates(start, length);
            using var y = _values.narrow(0, start, length);
            yield return (x, y);
        }
    }
}
