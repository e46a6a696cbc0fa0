namespace Inr.Benchmarks.Families;

/// <summary>The MAML family as most people write it: one task at a time, a list of tensors, autograd on each inner step.</summary>
internal sealed class PlainGradient
{
    private readonly string _method;
    private readonly int _steps;
    private readonly double _rate;

    /// <param name="method"><c>maml</c>, <c>fomaml</c>, <c>reptile</c> or <c>modulation</c>.</param>
    /// <param name="steps">Inner steps.</param>
    /// <param name="rate">The inner step size.</param>
    public PlainGradient(string method, int steps, double rate)
    {
        _method = method;
        _steps = steps;
        _rate = rate;
    }

    private bool IsLatent => _method == "modulation";

    /// <summary>The weights that the outer loop learns: those of a SIREN, and of a latent its map and its step sizes.</summary>
    public TorchSharp.Modules.Parameter[] Weights(ParameterSet initial)
    {
        var tensors = initial.Tensors.Select(t => t.detach().clone()).ToList();
        if (IsLatent)
        {
            long shifts = Enumerable.Range(0, (tensors.Count / 2) - 1).Sum(l => tensors[(2 * l) + 1].shape[0]);
            tensors.Add(randn(shifts, BenchLearner.Latent) * 0.01);
            tensors.Add(full(BenchLearner.Latent, 0.05f));
        }

        return [.. tensors.Select(t => new TorchSharp.Modules.Parameter(t))];
    }

    /// <summary>The adapted tensors of one task: all weights, or the latent.</summary>
    /// <param name="weights">What <see cref="Weights"/> gave.</param>
    /// <param name="x">Coordinates [N,2].</param>
    /// <param name="y">Values [N,3].</param>
    /// <param name="exact">Whether the result keeps a graph to the weights through the inner gradients.</param>
    public IReadOnlyList<Tensor> Adapt(IReadOnlyList<Tensor> weights, Tensor x, Tensor y, bool exact)
    {
        IReadOnlyList<Tensor> adapted = IsLatent ? [zeros(BenchLearner.Latent).requires_grad_()] : weights;
        for (int k = 0; k < _steps; k++)
        {
            var gradients = autograd.grad([Loss(weights, adapted, x, y)], [.. adapted], retain_graph: exact, create_graph: exact);
            adapted = IsLatent
                ? [adapted[0] - weights[^1] * gradients[0]]
                : [.. adapted.Zip(gradients, (p, g) => p - _rate * g)];
            if (!exact && _method is "reptile")
                adapted = [.. adapted.Select(t => t.detach().requires_grad_())];
        }

        return adapted;
    }

    /// <summary>The outer gradient of some tasks.</summary>
    public Tensor[] Outer(IReadOnlyList<Tensor> weights, Tensor x, IReadOnlyList<Tensor> tasks)
    {
        if (_method == "reptile")
            return Displacement(weights, x, tasks);
        Tensor? total = null;
        foreach (var y in tasks)
        {
            var loss = Loss(weights, Adapt(weights, x, y, exact: _method != "fomaml"), x, y);
            total = total is null ? loss : total + loss;
        }

        return [.. autograd.grad([total! / tasks.Count], [.. weights])];
    }

    private Tensor[] Displacement(IReadOnlyList<Tensor> weights, Tensor x, IReadOnlyList<Tensor> tasks)
    {
        var sums = weights.Select(w => zeros_like(w)).ToArray();
        foreach (var y in tasks)
        {
            var adapted = Adapt(weights, x, y, exact: false);
            for (int i = 0; i < sums.Length; i++)
                sums[i] = sums[i] + (weights[i].detach() - adapted[i].detach()) / tasks.Count;
        }

        return sums;
    }

    private Tensor Loss(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> adapted, Tensor x, Tensor y) =>
        (PlainForward.Siren(x, IsLatent ? Shifted(weights, adapted[0]) : adapted) - y).square().mean();

    // b_l + s_l, with all s = M z.
    private static List<Tensor> Shifted(IReadOnlyList<Tensor> weights, Tensor latent)
    {
        var shifts = mv(weights[^2], latent);
        var result = weights.Take(weights.Count - 2).ToList();
        long first = 0;
        for (int i = 1; i < result.Count - 2; i += 2)
        {
            long count = result[i].shape[0];
            result[i] = result[i] + shifts.narrow(0, first, count);
            first += count;
        }

        return result;
    }
}
