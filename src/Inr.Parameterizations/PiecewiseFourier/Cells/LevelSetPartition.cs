namespace Inr.Parameterizations;

/// <summary>Level sets of m small Fourier expansions: the signs of <c>φ_i(x)</c> name one of K = 2^m sets.</summary>
/// <remarks>
/// The most literal learnable set: 𝟙_k(θ,x) is a product of <c>H(±φ_i(x))</c>, softly <c>σ(±φ_i(x)/width)</c>, with
/// <c>φ_i = Σ_j a_ij Π_a cos(π u_ja (x_a + 1)/2)</c> over the lowest frequencies. Every box is the whole domain.
/// Vese, Chan: A Multiphase Level Set Framework for Image Segmentation, IJCV 2002.
/// </remarks>
public sealed class LevelSetPartition : IPartitionFamily
{
    private readonly int[][] _frequencies;
    private readonly int _functions;

    /// <summary>Creates the family.</summary>
    /// <param name="dimension">Coordinates d, 1 to 3.</param>
    /// <param name="functions">The number of functions m, 1 to 8.</param>
    /// <param name="terms">The cosines of each function.</param>
    public LevelSetPartition(int dimension, int functions, int terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, 3);
        ArgumentOutOfRangeException.ThrowIfLessThan(functions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(functions, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(terms, 1);
        Dimension = dimension;
        _functions = functions;
        _frequencies = FourierFrequencies.Orthant(dimension, terms);
        Parameters = [new ParameterSpec("levels", [functions, terms], ParameterRole.Indicator)];
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int RegionCount => 1 << _functions;

    /// <summary>K: softly, a point belongs to every set.</summary>
    public int RegionsPerPoint => RegionCount;

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <inheritdoc/>
    public Tensor[] Initialize(Generator generator) => [randn(_functions, _frequencies.Length, device: CPU, generator: generator)];

    /// <inheritdoc/>
    public PartitionMembership Locate(IReadOnlyList<Tensor> indicators, Tensor coordinates, double width)
    {
        ArgumentNullException.ThrowIfNull(indicators);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        long batch = coordinates.shape[0], count = coordinates.shape[1];
        var local = (coordinates + 1) * 0.5;
        var levels = Levels(indicators, coordinates);
        var positive = width > 0 ? (levels / width).sigmoid() : levels.detach().ge(0).to(coordinates.dtype);
        var weights = ones([batch, count, 1], coordinates.dtype, coordinates.device);
        for (int i = 0; i < _functions; i++)
        {
            var p = positive.narrow(-1, i, 1);
            weights = cat([weights * (1 - p), weights * p], -1);
        }

        var boxes = local.unsqueeze(2).expand(batch, count, RegionCount, Dimension).contiguous();
        var group = zeros([batch, count], ScalarType.Int64, coordinates.device);
        return new PartitionMembership(group.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope(), boxes.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public Tensor LocateRegions(IReadOnlyList<Tensor> indicators, Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(indicators);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        var bits = tensor(Enumerable.Range(0, _functions).Select(i => 1L << i).ToArray(), device: coordinates.device);
        return (Levels(indicators, coordinates).ge(0).to(ScalarType.Int64) * bits).sum(-1).MoveToOuterDisposeScope();
    }

    // φ_i(x), [B,N,m].
    private Tensor Levels(IReadOnlyList<Tensor> indicators, Tensor coordinates)
    {
        var frequencies = FourierFrequencies.ToTensor(_frequencies, coordinates);
        var cosines = ((coordinates + 1) * 0.5).unsqueeze(2).mul(frequencies).mul(Math.PI).cos().prod(-1, false);
        return bmm(cosines, indicators[0].expand(coordinates.shape[0], -1, -1).transpose(1, 2));
    }
}
