using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Which cells of a cube hold matter: points elsewhere are not evaluated, which is most of a scene.</summary>
/// <remarks>
/// Every cell keeps the largest density seen in it, decayed with each update, as in instant neural graphics primitives
/// (Müller et al., 2022). Empty points count as density 0. Without the grid the picture is the same as long as no cell
/// is wrongly empty; updates look at random points of all cells, so that matter can come back. A cell also keeps the
/// smallest density seen in it of late: what lies behind enough of it cannot be seen, and training leaves it out.
/// </remarks>
public sealed class OccupancyGrid : IDisposable
{
    private const double Decay = 0.8;
    // An opacity of 1 % over a usual step of 1/16 unit.
    private const double Threshold = 0.15;
    // The least density of a cell may double with each update, from this value on.
    private const double SmallestFloor = 0.05;
    private const double Growth = 2;
    // Matter of this optical depth lets a thousandth of the light through.
    private const double OpaqueDepth = 7;
    private const int CellsPerPiece = 65_536;
    private const int CellsPerUpdate = 4 * CellsPerPiece;
    private const double Unknown = -1;

    private readonly int _resolution;
    private readonly double _halfWidth;
    private readonly Tensor _density;
    private readonly Tensor _floor;
    private int _updates;
    private Tensor? _occupied;
    private Tensor? _carved;

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
        long[] cells = [(long)resolution * resolution * resolution];
        _density = full(cells, Unknown, float32, device).DetachFromDisposeScope();
        _floor = zeros(cells, float32, device).DetachFromDisposeScope();
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

    /// <summary>What the grid knows of empty space as the mask of a field; see <see cref="SpaceMask"/>.</summary>
    internal Tensor ToMask(int resolution) =>
        _occupied is null ? SpaceMask.Full(resolution, _density.device) : SpaceMask.Of(_occupied, _resolution, resolution);

    private double CellSide => 2 * _halfWidth / _resolution;

    /// <summary>Empties for good what the silhouettes of a scene rule out: cells that some view sees as wholly transparent.</summary>
    /// <param name="scene">Its cameras and <see cref="NerfScene.Opacity"/>; opaque pictures rule nothing out.</param>
    public void Carve(NerfScene scene) => Carve(scene, CancellationToken.None);

    /// <summary>The same; a token that is cancelled leaves the views out that have not been looked at.</summary>
    internal void Carve(NerfScene scene, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scene);
        using var scope = NewDisposeScope();
        var centers = (Corners(0, _density.shape[0]) + 0.5) * CellSide - _halfWidth;
        // A cell lies within the ball through its corners.
        var possible = VisualHull.MayHold(scene, centers, Math.Sqrt(3) / 2 * CellSide, cancellationToken).to(_density.device);
        _carved?.Dispose();
        _carved = possible.logical_not().DetachFromDisposeScope();
        var occupied = _occupied is null ? possible : _occupied.logical_and(possible);
        _occupied?.Dispose();
        _occupied = occupied.DetachFromDisposeScope();
    }

    /// <summary>Looks at one random point in each cell; where that would be many, in every k-th cell, and in the others the next times.</summary>
    /// <param name="field">Maps a point to raw r, g, b and density.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="generator">Draws the points, on the CPU.</param>
    public void Update(ITargetFunction field, ParameterSet parameters, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(generator);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var all = _carved is null ? arange(_density.shape[0], dtype: int64, device: CPU) : _carved.logical_not().nonzero().squeeze(-1).cpu();
        long stride = (all.shape[0] + CellsPerUpdate - 1) / CellsPerUpdate;
        foreach (var cells in stride > 0 ? all.slice(0, _updates++ % stride, all.shape[0], stride).split(CellsPerPiece) : [])
        {
            using var piece = NewDisposeScope();
            var points = (Corners(cells) + rand([cells.shape[0], 3], dtype: float32, device: CPU, generator: generator)) * CellSide - _halfWidth;
            var density = field.Evaluate(parameters, FieldInput.FromAnywhere(field, points.to(_density.device))).select(-1, 3).relu();
            var which = cells.to(_density.device);
            _density.index_copy_(0, which, (_density.index_select(0, which) * Decay).maximum(density));
            _floor.index_copy_(0, which, (_floor.index_select(0, which) * Growth).clamp_min(SmallestFloor).minimum(density));
        }

        // Neighbours of a full cell stay in, so that edges can move.
        long r = _resolution;
        var full = _density.gt(Threshold).logical_or(_density.lt(0)).to(float32).reshape(1, 1, r, r, r);
        var occupied = nn.functional.max_pool3d(full, [3, 3, 3], [1, 1, 1], [1, 1, 1]).gt(0).flatten();
        if (_carved is not null)
            occupied = occupied.logical_and(_carved.logical_not());
        _occupied?.Dispose();
        _occupied = occupied.DetachFromDisposeScope();
    }

    /// <summary>The field at points, with density 0 where the grid is empty.</summary>
    /// <param name="field">Maps a point to raw r, g, b and density.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="points">Shape [N,3], or [N,6] where the field looks at directions too.</param>
    /// <returns>Shape [N,4]; differentiable in θ.</returns>
    public Tensor Evaluate(ITargetFunction field, ParameterSet parameters, Tensor points)
    {
        ArgumentNullException.ThrowIfNull(field);
        Shapes.Require(points, "points", $"[N,{field.InputDimension}]", 2);
        using var scope = NewDisposeScope();
        var where = Contains(points.narrow(-1, 0, 3)).nonzero().squeeze(-1);
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
        _floor.Dispose();
        _occupied?.Dispose();
        _carved?.Dispose();
    }

    /// <summary>Whether each point of [N,3] lies in an occupied cell: [N], bool.</summary>
    internal Tensor Contains(Tensor points)
    {
        using var scope = NewDisposeScope();
        var inside = points.abs().amax([-1]).lt(_halfWidth);
        return (_occupied is null ? inside : inside.logical_and_(_occupied.index_select(0, Cells(points)))).MoveToOuterDisposeScope();
    }

    /// <summary>Whether each point of rays [R,P,3] lies in an occupied cell and not behind dense ones: [R,P], bool.</summary>
    /// <param name="points">The points of rays, from near to far.</param>
    /// <param name="intervals">Shape [R,P]: the length of ray that a point stands for.</param>
    internal Tensor Visible(Tensor points, Tensor intervals)
    {
        using var scope = NewDisposeScope();
        var flat = points.flatten(0, 1);
        var inside = Contains(flat).reshape(intervals.shape);
        if (_updates == 0)
            return inside.MoveToOuterDisposeScope();
        var depth = _floor.index_select(0, Cells(flat)).reshape(intervals.shape) * intervals * inside;
        return inside.logical_and_((depth.cumsum(-1) - depth).lt(OpaqueDepth)).MoveToOuterDisposeScope();
    }

    // The index of each point's cell; points outside have that of the nearest.
    private Tensor Cells(Tensor points)
    {
        int n = _resolution;
        var cell = ((points + _halfWidth) / CellSide).clamp(0, n - 1).to(int32);
        return (cell.select(-1, 0) * n + cell.select(-1, 1)) * n + cell.select(-1, 2);
    }

    private Tensor Corners(long start, long count) => Corners(arange(start, start + count, dtype: int64, device: CPU));

    private Tensor Corners(Tensor index)
    {
        // By hand: a native call with a number of .NET's can lose it to the garbage collector, and this runs for every cell.
        int n = _resolution;
        long[] places = [.. index.contiguous().data<long>()];
        var corners = new float[3 * places.Length];
        for (int i = 0; i < places.Length; i++)
            (corners[3 * i], corners[3 * i + 1], corners[3 * i + 2]) = (places[i] / ((long)n * n), places[i] / n % n, places[i] % n);
        return tensor(corners, [places.Length, 3]);
    }
}
