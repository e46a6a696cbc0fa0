namespace Inr.Meta;

/// <summary>A latent z adapts from zeros; a learned linear map turns it into shifts and scales of the layers of one shared θ.</summary>
/// <remarks>
/// With m = Mz + n cut into one piece per layer, a layer becomes <c>(1 + g_l)·(W_l h + b_l) + s_l</c>. That is the same
/// layer with other weights and biases, so the result is an ordinary θ of the target: any target with dense layers can be
/// modulated, and a modulated representation is stored and evaluated like every other.
/// </remarks>
internal sealed class LatentSpace : AdaptationSpace
{
    private readonly (int Weight, int Bias)[] _layers;
    private readonly long[] _pieces;
    private readonly Modulation _modulation;
    private readonly int _size;
    private readonly Tensor _mapWeight;
    private readonly Tensor _mapBias;

    private LatentSpace(ParameterSet initial, GradientMetaOptions options, SpacePlan plan, Generator generator)
        : base(initial, plan)
    {
        _layers = Layers(Layout, options);
        _modulation = options.Modulation;
        _size = options.LatentSize;
        _pieces = Pieces(Layout, options);
        using var scope = NewDisposeScope();
        double bound = 1 / Math.Sqrt(_size);
        var weight = (rand([_pieces.Sum(), _size], dtype: float32, device: CPU, generator: generator) * 2 - 1) * bound;
        _mapWeight = Learn(MapWeightName, weight.to(initial.ScalarType).to(initial.Device));
        _mapBias = Learn(MapBiasName, zeros(_pieces.Sum(), initial.ScalarType, initial.Device));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<long> TensorSizes => [_size];

    /// <summary>Creates the space that the options describe.</summary>
    /// <param name="initial">The shared θ to start from.</param>
    /// <param name="options">The latent and what it does.</param>
    /// <param name="solved">The parameters that a closed form finds; they are not learned.</param>
    /// <param name="generator">Draws the map.</param>
    /// <exception cref="ArgumentException">The target has no such layers.</exception>
    public static LatentSpace Create(ParameterSet initial, GradientMetaOptions options, IReadOnlyList<string> solved, Generator generator) =>
        new(initial, options, Plan(initial.Layout, options, solved), generator);

    /// <summary>What the space will hold.</summary>
    /// <exception cref="ArgumentException">The target has no such layers.</exception>
    public static SpacePlan Plan(ParameterLayout layout, GradientMetaOptions options, IReadOnlyList<string> solved)
    {
        bool IsShared(int i) => layout[i].IsTrainable && !solved.Contains(layout[i].Name);
        var shared = new FlatPart(layout, Enumerable.Range(0, layout.Count).Where(IsShared));
        var frozen = new FlatPart(layout, Enumerable.Range(0, layout.Count).Where(i => !IsShared(i)));
        long outputs = Pieces(layout, options).Sum();
        return new SpacePlan(shared, frozen, [options.LatentSize], [.. Specs(shared, frozen), Spec(MapWeightName, outputs, options.LatentSize), Spec(MapBiasName, outputs)]);
    }

    /// <inheritdoc/>
    public override Tensor Start(long batch) => zeros(batch, _size, _mapWeight.dtype, _mapWeight.device).requires_grad_();

    /// <inheritdoc/>
    public override ParameterSet Assemble(Tensor adapted, bool withGraph)
    {
        using var scope = NewDisposeScope();
        var tensors = new Tensor[Layout.Count];
        ScatterShared(tensors, adapted.shape[0], withGraph);
        var map = nn.functional.linear(adapted, withGraph ? _mapWeight : _mapWeight.detach(), withGraph ? _mapBias : _mapBias.detach());
        var pieces = map.split(_pieces, 1);
        bool shifts = _modulation.HasFlag(Modulation.Shift);
        bool scales = _modulation.HasFlag(Modulation.Scale);
        for (int i = 0; i < _layers.Length; i++)
        {
            var (weight, bias) = _layers[i];
            if (scales)
            {
                var gain = pieces[shifts ? i + _layers.Length : i] + 1;
                tensors[weight] = tensors[weight] * gain.unsqueeze(-1);
                tensors[bias] = tensors[bias] * gain;
            }

            if (shifts)
                tensors[bias] = tensors[bias] + pieces[i];
        }

        return new ParameterSet(Layout, tensors).MoveToOuterDisposeScope();
    }

    private static (int Weight, int Bias)[] Layers(ParameterLayout layout, GradientMetaOptions options)
    {
        var dense = LayoutLayers.Dense(layout);
        if (dense.Count < 2)
            throw new ArgumentException($"A latent modulates dense layers (a weight and a bias) before the last; the target has {layout}. Let all parameters adapt instead.", nameof(options));
        var places = options.ModulatedLayers.Count > 0 ? options.ModulatedLayers : [.. Enumerable.Range(0, dense.Count - 1)];
        if (places.FirstOrDefault(p => p >= dense.Count, -1) is var missing and >= 0)
            throw new ArgumentException($"Layer {missing} should be modulated, but the target has the layers 0 to {dense.Count - 1}: {layout}.", nameof(options));
        return [.. places.Distinct().Order().Select(p => dense[p])];
    }

    // One piece of the map's output per layer and kind of modulation.
    private static long[] Pieces(ParameterLayout layout, GradientMetaOptions options) =>
        [.. Enumerable.Repeat(Layers(layout, options).Select(l => layout[l.Bias].Count), options.Modulation == Modulation.ShiftAndScale ? 2 : 1).SelectMany(s => s)];
}
