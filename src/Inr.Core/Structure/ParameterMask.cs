namespace Inr.Structure;

/// <summary>Which entries of θ live; the others are 0 and stay so.</summary>
/// <remarks>
/// <para>
/// A mask stands beside a target, as <see cref="ParameterSpec.IsTrainable"/> does, and not inside it: the same target runs dense and
/// sparse. A fit multiplies what it moves by the mask (<see cref="GradientFitterOptions.Mask"/>), so that gradients of dead entries are 0
/// to any order, and the representation keeps the mask and the living values alone (<see cref="Store"/>).
/// </para>
/// <para>Immutable; methods that prune return another mask.</para>
/// </remarks>
public sealed class ParameterMask : IDisposable
{
    // 0 or 1 in the type of θ; null where everything lives.
    private readonly Tensor?[] _masks;

    private ParameterMask(ParameterLayout layout, Tensor?[] masks)
    {
        Layout = layout;
        _masks = masks;
        foreach (var mask in masks)
            mask?.DetachFromDisposeScope();
    }

    /// <summary>The layout of θ.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>How many of the entries that can be pruned live, over all tensors that have a mask.</summary>
    public long LiveCount => _masks.Sum(Live);

    /// <summary>The share of those entries; 1 where nothing has a mask.</summary>
    public double Density => MaskedCount == 0 ? 1 : (double)LiveCount / MaskedCount;

    /// <summary>The entries of the tensors that have a mask.</summary>
    public long MaskedCount => _masks.Sum(m => m?.numel() ?? 0);

    /// <summary>The mask in which everything lives, over the weights of a layout.</summary>
    /// <param name="layout">The layout of θ. Tensors of the role <see cref="ParameterRole.Weight"/> that are trainable can be pruned; biases and all others cannot.</param>
    /// <exception cref="ArgumentException">The layout has no weights.</exception>
    public static ParameterMask Full(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (!layout.Any(IsPrunable))
            throw new ArgumentException($"There is nothing to prune: no trainable tensor of {layout} is a weight.", nameof(layout));
        return new ParameterMask(layout, [.. layout.Select(s => IsPrunable(s) ? ones([.. s.Shape], float32, CPU) : null)]);
    }

    /// <summary>A mask of the caller's.</summary>
    /// <param name="layout">The layout of θ.</param>
    /// <param name="masks">Bool tensors by name, each of the shape of its tensor, which are copied; tensors without one live.</param>
    /// <exception cref="ArgumentException">A name, shape or type does not fit, or a mask leaves nothing of its tensor.</exception>
    public static ParameterMask Of(ParameterLayout layout, IReadOnlyDictionary<string, Tensor> masks)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(masks);
        foreach (var (name, mask) in masks)
        {
            int place = layout.IndexOf(name);
            if (mask.dtype != ScalarType.Bool || !mask.shape.AsSpan().SequenceEqual([.. layout[place].Shape]))
                throw new ArgumentException($"The mask of '{name}' must be of type Bool and the shape {Shapes.List(layout[place].Shape)}; it is {mask.dtype} {Shapes.Text(mask)}.", nameof(masks));
        }

        return Checked(layout, [.. layout.Select(s => masks.TryGetValue(s.Name, out var mask) ? mask.cpu().to(float32) : null)]);
    }

    /// <summary>The living entries of a tensor: bool, of its shape; null where it has no mask. The caller owns it.</summary>
    public Tensor? this[string name] => _masks[Layout.IndexOf(name)] is { } mask ? mask.ne(0).DetachFromDisposeScope() : null;

    /// <summary>Keeps the largest of those entries that live.</summary>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="keep">The share of the living entries that stay, above 0 and at most 1. Round by round as published: 0.8.</param>
    /// <param name="ranking">What entries are compared with.</param>
    /// <returns>A mask inside this one; the caller owns it.</returns>
    /// <remarks>
    /// ⌊(1 − keep)·n⌋ of n living entries go: those of least magnitude, of equal ones the first. J. Lee, J. Tack, N. Lee, J. Shin:
    /// Meta-Learning Sparse Implicit Neural Representations, NeurIPS 2021, rank all weights together (<see cref="PruningRanking.Global"/>).
    /// </remarks>
    /// <exception cref="ArgumentException">θ is of another layout, or nothing would be left of a tensor, which the message names.</exception>
    public ParameterMask KeepLargest(ParameterSet parameters, double keep, PruningRanking ranking = PruningRanking.Global)
    {
        Require(parameters);
        return Prune(keep, ranking == PruningRanking.PerLayer, (spec, place) =>
        {
            var magnitude = parameters[place].detach().cpu().to(float64).abs();
            return ranking == PruningRanking.Rescaled ? magnitude / magnitude.square().mean().sqrt().clamp_min(double.Epsilon) : magnitude;
        });
    }

    /// <summary>Keeps some of those entries that live, at random: what any rule of pruning must beat.</summary>
    /// <param name="keep">The share of the living entries that stay.</param>
    /// <param name="generator">Draws them.</param>
    /// <exception cref="ArgumentException">Nothing would be left of a tensor.</exception>
    public ParameterMask KeepRandom(double keep, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return Prune(keep, perLayer: false, (spec, _) => rand([.. spec.Shape], dtype: float64, device: CPU, generator: generator));
    }

    /// <summary>θ with its dead entries at 0.</summary>
    /// <param name="parameters">θ, with or without a batch axis; the caller keeps it.</param>
    /// <returns>A set of its own; gradients flow through it.</returns>
    public ParameterSet Apply(ParameterSet parameters)
    {
        Require(parameters);
        int place = 0;
        return parameters.Map((_, t) => Masked(place++, t) is { } masked && !ReferenceEquals(masked, t) ? masked : t.clone());
    }

    /// <summary>How a representation keeps a tensor: the mask, coded where that is smaller, and the values that live; whole where everything lives.</summary>
    /// <param name="spec">The tensor's place in the layout.</param>
    /// <param name="tensor">The numbers.</param>
    /// <param name="values">How the living values are kept; dense by default.</param>
    public TensorStorage Store(ParameterSpec spec, Tensor tensor, Func<Tensor, TensorStorage>? values = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        var mask = this[spec.Name];
        if (mask is null || mask.all().item<bool>())
            return values is null ? TensorStorage.Dense(tensor) : values(tensor);
        using (mask)
            return TensorStorage.Masked(tensor, mask, values);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{LiveCount} of {MaskedCount} weights live ({Density:0.0000})");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mask in _masks)
            mask?.Dispose();
    }

    /// <summary>A tensor of θ with its dead entries at 0: the tensor itself where everything lives.</summary>
    /// <param name="place">Its place in the layout.</param>
    /// <param name="tensor">With or without a batch axis.</param>
    internal Tensor Masked(int place, Tensor tensor) => _masks[place] is { } mask ? tensor * mask.to(tensor.dtype, tensor.device) : tensor;

    private static bool IsPrunable(ParameterSpec spec) => spec is { Role: ParameterRole.Weight, IsTrainable: true, Count: > 0 };

    private static long Live(Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return mask is null ? 0 : mask.ne(0).sum().item<long>();
    }

    private static ParameterMask Checked(ParameterLayout layout, Tensor?[] masks)
    {
        for (int i = 0; i < masks.Length; i++)
        {
            if (masks[i] is not null && Live(masks[i]) == 0)
                throw new ArgumentException($"The mask leaves nothing of '{layout[i].Name}': the function would not depend on its input. Keep more, or rank the weights layer by layer ({nameof(PruningRanking.PerLayer)}, {nameof(PruningRanking.Rescaled)}).");
        }

        return new ParameterMask(layout, masks);
    }

    private ParameterMask Prune(double keep, bool perLayer, Func<ParameterSpec, int, Tensor> rank)
    {
        if (!(keep is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "The share of weights to keep is above 0 and at most 1.");
        using var scope = NewDisposeScope();
        int[] places = [.. Enumerable.Range(0, _masks.Length).Where(i => _masks[i] is not null)];
        var pruned = new Tensor?[_masks.Length];
        foreach (int[] group in perLayer ? places.Select(p => (int[])[p]) : [places])
        {
            // Dead entries rank below everything that lives.
            double[] ranks = cat([.. group.Select(p => (rank(Layout[p], p) + 1).mul(_masks[p]!.to(float64)).flatten() - 1)]).data<double>().ToArray();
            long live = group.Sum(p => Live(_masks[p]));
            long gone = ranks.Length - live + (long)Math.Floor((1 - keep) * live + 1e-9);
            var kept = new float[ranks.Length];
            Array.Fill(kept, 1f);
            // A stable order: of equal ones the first go.
            foreach (int i in Enumerable.Range(0, ranks.Length).OrderBy(i => ranks[i]).Take((int)gone))
                kept[i] = 0;
            var flat = tensor(kept, device: CPU);
            long start = 0;
            foreach (int p in group)
            {
                pruned[p] = flat.narrow(0, start, Layout[p].Count).clone().reshape([.. Layout[p].Shape]);
                start += Layout[p].Count;
            }
        }

        return Checked(Layout, pruned);
    }

    private void Require(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Layout.IsCompatibleWith(Layout))
            throw new ArgumentException($"The mask is one of {Layout}, the parameters are {parameters.Layout}.", nameof(parameters));
    }
}
