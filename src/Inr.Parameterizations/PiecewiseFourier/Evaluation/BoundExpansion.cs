namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>An expansion with one θ: the partition is parsed and the coefficients are laid out once, for points, grids, windows and slopes.</summary>
/// <remarks>The kernels compute in single precision on the processor. A θ of another type keeps its precision: tensor operations evaluate it.</remarks>
internal sealed class BoundExpansion : BoundFunction
{
    // A grid is rendered with tables of all cosines of an interval at its samples: 256 MB of them at the most.
    private const double MostTableFloats = 1 << 26;

    // Tensor operations hold about a hundred bytes for each pair of a sample and a term.
    private const int PairsAtOnce = 1 << 21;

    private readonly PiecewiseStructure _structure;

    // One of the two: the kernels, or θ for tensor operations.
    private readonly DenseRegions? _regions;
    private readonly PointEvaluator? _points;
    private readonly ParameterSet? _parameters;

    public BoundExpansion(IExpansion target, ParameterSet parameters)
        : base(target, parameters)
    {
        _structure = target.Structure(parameters);
        if (ScalarType == ScalarType.Float32)
        {
            _regions = DenseRegions.Of(_structure, parameters);
            _points = new PointEvaluator(_regions);
        }
        else
        {
            _parameters = Keep(parameters.Detach());
        }
    }

    /// <inheritdoc/>
    protected override int LargestChunk => _points is not null
        ? int.MaxValue
        : Math.Max(1, PairsAtOnce / Math.Max(1, _structure.Leaves.Max(l => l.Regions.Sum(r => r.Terms.Length))));

    /// <inheritdoc/>
    protected override Tensor EvaluateCore(Tensor coordinates) => _points is null
        ? DifferentiableExpansion.Evaluate(_structure, _parameters!, coordinates)
        : _points.Evaluate(coordinates.to(CPU)).to(Device);

    /// <inheritdoc/>
    protected override Tensor JacobianCore(Tensor coordinates) => _points is null
        ? base.JacobianCore(coordinates)
        : _points.Jacobian(coordinates.to(CPU)).to(Device);

    /// <inheritdoc/>
    protected override Tensor RenderCore(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, int chunk)
    {
        long count = SignalDomain.Grid(shape).SampleCount;
        if (_regions is not null && WholeGridRenderer.Applies(_regions, count))
            return WholeGridRenderer.Render(_regions, shape, window).to(Device);
        // Only boxes have separable transforms, a window without an extent has no step, and a span holds 2 GB.
        if (_regions is null || _structure.Locate is not null || HasFlatAxis(window) || count * OutputDimension * sizeof(float) > int.MaxValue)
            return base.RenderCore(shape, window, chunk);
        var grid = new GridEvaluator(_regions, shape, window);
        return grid.LargestTable() > MostTableFloats ? base.RenderCore(shape, window, chunk) : grid.Render().to(Device);
    }

    private static bool HasFlatAxis(ReadOnlySpan<(double Low, double High)> window)
    {
        foreach (var (low, high) in window)
        {
            if (low == high)
                return true;
        }

        return false;
    }
}
