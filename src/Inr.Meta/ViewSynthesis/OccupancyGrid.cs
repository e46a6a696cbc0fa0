namespace Inr.Meta;

/// <summary>Which cells of a cube hold matter: points elsewhere are not evaluated, which is most of a scene.</summary>
/// <remarks>
/// Every cell keeps the largest density seen in it, decayed with each update, as in instant neural graphics primitives
/// (Müller et al., 2022). Empty points count as density 0. Without the grid the picture is the same as long as no cell
/// is wrongly empty; updates look at random points of all cells, so that matter can come back.
/// </remarks>
public sealed class OccupancyGrid : IDisposable
{
    private const double Decay = 0.8;
    // An opacity of 1 % over a usual step of 1/16 unit.
    private const double Threshold = 0.15;
    private const int CellsPerPass = 65_536;

    private readonly int _resolution;
    private readonly double _halfWidth;
    private readonly Tensor _density;
    private Tensor? _occupied;

    /// <summary>Creates a grid in which every cell counts as occupied.</summary>
    /// <param name="halfWidth">The cube spans [−halfWidth, halfWidth] on each axis; nothing outside it is seen.</param>
    /// <param name="resolution">Cells on each axis.</param>
    /// <param name="device">Where it lives; CPU by default.</param>
    public OccupancyGrid(double halfWidth = 1.5, int resolution = 64, Device? device = null)
    {
        if (!(halfWidth > 0 && double.IsFinite(halfWidth)))
            throw new ArgumentOutOfRangeException(nameof(halfWidth), halfWidth, "The half width of the cube is a finite number above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(resolution, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resolution, 512);
        _halfWidth = halfWidth;
        _resolution = resolution;
        _density = zeros([(long)resolution * resolution * resolution], float32, device).DetachFromDisposeScope();
    }

    /// <summary>The share of cells that count as occupied.</summary>
    public double OccupiedFraction
    {
        get
        {
            using var scope = NewDisposeScope();
            return _occupied is null ? 1 : _occupied.to(float32).mean().item<float>();
        }
    }

    /// <summary>Looks at one random point in every cell.</summary>
    /// <param name="field">Maps a point to raw r, g, b and density.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="generator">Draws the points, on the CPU.</param>
    public void Update(ITargetFunction field, ParameterSet parameters, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(field);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long count = _density.shape[0];
        for (long start = 0; start < count; start += CellsPerPass)
        {
            using var piece = NewDisposeScope();
            long cells = Math.Min(CellsPerPass, count - start);
            var index = arange(start, start + cells, dtype: int64);
            long n = _resolution;
            var corner = stack([index.div(n * n, RoundingMode.floor), index.div(n, RoundingMode.floor).remainder(n), index.remainder(n)], -1);
            var points = ((corner.to(float32) + rand([cells, 3], dtype: float32, generator: generator)) * (2 * _halfWidth / n) - _halfWidth).to(_density.device);
            var density = field.Evaluate(parameters, points).select(-1, 3).relu();
            var kept = _density.narrow(0, start, cells);
            kept.copy_((kept * Decay).maximum(density));
        }

        _occupied?.Dispose();
        // Neighbours of a full cell stay in, so that edges can move.
        long r = _resolution;
        var full = _density.gt(Threshold).to(float32).reshape(1, 1, r, r, r);
        _occupied = nn.functional.max_pool3d(full, [3, 3, 3], [1, 1, 1], [1, 1, 1]).gt(0).flatten().DetachFromDisposeScope();
    }

    /// <summary>The field at points, with density 0 where the grid is empty.</summary>
    /// <param name="field">Maps a point to raw r, g, b and density.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="points">Shape [N,3].</param>
    /// <returns>Shape [N,4]; differentiable in θ.</returns>
    public Tensor Evaluate(ITargetFunction field, ParameterSet parameters, Tensor points)
    {
        ArgumentNullException.ThrowIfNull(field);
        Shapes.Require(points, "points", "[N,3]", 2);
        using var scope = NewDisposeScope();
        var where = Occupied(points).nonzero().squeeze(-1);
        var raw = zeros([points.shape[0], 4], points.dtype, points.device);
        if (where.shape[0] == 0)
            return raw.MoveToOuterDisposeScope();
        var values = field.Evaluate(parameters, points.index_select(0, where));
        return raw.index_copy(0, where, values).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _density.Dispose();
        _occupied?.Dispose();
    }

    private Tensor Occupied(Tensor points)
    {
        var inside = points.abs().lt(_halfWidth).all(-1);
        if (_occupied is null)
            return inside;
        var cell = ((points + _halfWidth) * (_resolution / (2 * _halfWidth))).floor().clamp(0, _resolution - 1).to(int64);
        long n = _resolution;
        var index = cell.select(-1, 0) * (n * n) + cell.select(-1, 1) * n + cell.select(-1, 2);
        return inside.logical_and(_occupied.index_select(0, index));
    }
}
