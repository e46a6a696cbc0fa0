using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Renders rays through a radiance field by quadrature, as the official Trans-INR code does.</summary>
/// <remarks>
/// <para>
/// z_p = linspace(near, far, P), in training plus u·(far − near)/(P − 1) with u in [0,1); δ_p = z_{p+1} − z_p and
/// δ_P = 1e-3, not multiplied by |d|; c = sigmoid(rgb), σ = relu(density); α_p = 1 − exp(−σ_p δ_p),
/// T_p = Π_{q&lt;p} min(1, 1 − α_q + 1e-10), w_p = T_p α_p; color = Σ w_p c_p + (1 − Σ w_p)·background.
/// One pass over evenly spaced points; no second, finer one.
/// </para>
/// <para>Max 1995; Mildenhall et al., NeRF, ECCV 2020; Chen and Wang, ECCV 2022.</para>
/// </remarks>
public sealed class VolumeRenderer
{
    private const double LastInterval = 1e-3;
    private const double TransmittanceFloor = 1e-10;
    // Light that training does not follow any further.
    private const double Dark = 1e-4;

    private readonly VolumeRendererOptions _options;

    /// <summary>Creates a renderer.</summary>
    /// <param name="options">Range, points and background; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public VolumeRenderer(VolumeRendererOptions? options = null)
    {
        options ??= new VolumeRendererOptions();
        new VolumeRendererOptionsValidator().ThrowIfInvalid(options);
        _options = options;
    }

    /// <summary>Points on a ray.</summary>
    public int PointsPerRay => _options.PointsPerRay;

    /// <summary>Where sampling starts, in units of the ray's direction.</summary>
    public double Near => _options.Near;

    /// <summary>Where it ends.</summary>
    public double Far => _options.Far;

    /// <summary>The colors of rays.</summary>
    /// <param name="field">Maps a point, or a point and the direction of its ray, to raw r, g, b and density.</param>
    /// <param name="parameters">θ of the field, with or without a batch axis.</param>
    /// <param name="origins">Shape [R,3] or [B,R,3].</param>
    /// <param name="directions">The same shape.</param>
    /// <param name="jitter">Shape [R,P] or [B,R,P] in [0,1): moves the points, for training; none by default.</param>
    /// <param name="grid">Skips points in space that is known to be empty; none by default.</param>
    /// <returns>Shape [R,3] or [B,R,3]; differentiable in θ.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor Render(ITargetFunction field, ParameterSet parameters, Tensor origins, Tensor directions, Tensor? jitter = null, OccupancyGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(parameters);
        Shapes.Require(origins, "origins", "[R,3] or [B,R,3]", 2, 3);
        Shapes.Require(directions, "directions", "[R,3] or [B,R,3]", 2, 3);
        if (origins.shape[^1] != 3 || !origins.shape.SequenceEqual(directions.shape))
            throw new ArgumentException($"Rays need origins and directions of one shape [R,3] or [B,R,3]; they are {Shapes.Text(origins)} and {Shapes.Text(directions)}.", nameof(directions));
        FieldInput.Require(field);

        using var scope = NewDisposeScope();
        var z = Depths(origins, jitter);
        var points = origins.unsqueeze(-2) + z.unsqueeze(-1) * directions.unsqueeze(-2);
        var flat = FieldInput.Of(field, points, directions.unsqueeze(-2)).flatten(-3, -2);
        var raw = (grid is null ? field.Evaluate(parameters, flat) : grid.Evaluate(field, parameters, flat)).reshape([.. points.shape[..^1], 4]);
        return Composite(raw, z).MoveToOuterDisposeScope();
    }

    /// <summary>Pictures of whole cameras without gradients, in pieces that bound memory.</summary>
    /// <param name="field">Maps a point, or a point and the direction of its ray, to raw r, g, b and density.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="rays">Rays of shape […,3].</param>
    /// <param name="raysPerPiece">Rays of a piece.</param>
    /// <param name="grid">Skips points in space that is known to be empty.</param>
    /// <param name="cancellationToken">Ends the work between two pieces.</param>
    /// <returns>Shape […,3].</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Tensor RenderImage(ITargetFunction field, ParameterSet parameters, CameraRays rays, int raysPerPiece = 1024, OccupancyGrid? grid = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rays);
        ArgumentOutOfRangeException.ThrowIfLessThan(raysPerPiece, 1);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var origins = rays.Origins.reshape(-1, 3);
        var directions = rays.Directions.reshape(-1, 3);
        var result = empty_like(origins);
        for (long start = 0; start < origins.shape[0]; start += raysPerPiece)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var piece = NewDisposeScope();
            long count = Math.Min(raysPerPiece, origins.shape[0] - start);
            result.narrow(0, start, count).copy_(Render(field, parameters, origins.narrow(0, start, count), directions.narrow(0, start, count), null, grid));
        }

        return result.reshape(rays.Origins.shape).MoveToOuterDisposeScope();
    }

    /// <summary>The colors of rays for training: only points that change them are evaluated with a graph.</summary>
    /// <remarks>
    /// The grid leaves out points in empty space and behind dense cells. A first pass without gradients then finds the
    /// densities: points of density 0 have no gradient at all, and those behind matter that lets less than 1e-4 of the
    /// light through have next to none; both are left out of the second pass.
    /// </remarks>
    /// <returns>Colors [R,3], differentiable in θ, and the points of the first pass.</returns>
    internal (Tensor Colors, long Points) RenderSparse(ITargetFunction field, ParameterSet parameters, Tensor origins, Tensor directions, Tensor jitter, OccupancyGrid grid)
    {
        using var scope = NewDisposeScope();
        SparseQuadrature quadrature;
        Tensor points;
        long count;
        using (no_grad())
        {
            using var search = NewDisposeScope();
            var z = Depths(origins, jitter);
            var all = origins.unsqueeze(-2) + z.unsqueeze(-1) * directions.unsqueeze(-2);
            var intervals = Intervals(z);
            var where = grid.Visible(all, intervals).flatten().nonzero().squeeze(-1);
            count = where.shape[0];
            quadrature = SparseQuadrature.Of(where, intervals);
            points = FieldInput.Of(field, all.flatten(0, 1).index_select(0, where), directions.index_select(0, quadrature.Rays));
            var (alpha, before) = quadrature.Opacity(field.Evaluate(parameters, points).select(-1, 3));
            var matters = alpha.gt(0).logical_and_(before.gt(Dark));
            quadrature = quadrature.Keep(matters);
            points = points.index_select(0, matters.nonzero().squeeze(-1)).MoveToOuterDisposeScope();
            foreach (var kept in (Tensor[])[quadrature.Where, quadrature.Rays, quadrature.Intervals])
                kept.MoveToOuterDisposeScope();
        }

        var colors = quadrature.Composite(field.Evaluate(parameters, points), origins.shape[0], _options.WhiteBackground);
        return (colors.MoveToOuterDisposeScope(), count);
    }

    /// <summary>Which rays pass an occupied cell; a token that is cancelled leaves out those that have not been looked at.</summary>
    /// <returns>Indices, shape [K].</returns>
    internal Tensor Hits(Tensor origins, Tensor directions, OccupancyGrid grid, int raysPerPiece = 512, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var hit = zeros(origins.shape[0], dtype: ScalarType.Bool, device: origins.device);
        for (long start = 0; start < origins.shape[0] && !cancellationToken.IsCancellationRequested; start += raysPerPiece)
        {
            using var piece = NewDisposeScope();
            long count = Math.Min(raysPerPiece, origins.shape[0] - start);
            var o = origins.narrow(0, start, count);
            var points = o.unsqueeze(-2) + Depths(o, null).unsqueeze(-1) * directions.narrow(0, start, count).unsqueeze(-2);
            hit.narrow(0, start, count).copy_(grid.Contains(points.flatten(0, 1)).reshape(count, -1).any(-1));
        }

        return hit.nonzero().squeeze(-1).MoveToOuterDisposeScope();
    }

    // [P], or the shape of the jitter.
    private Tensor Depths(Tensor rays, Tensor? jitter)
    {
        int count = _options.PointsPerRay;
        var z = linspace(_options.Near, _options.Far, count, dtype: rays.dtype, device: rays.device);
        if (jitter is null)
            return z.expand([.. rays.shape[..^1], count]);
        if (jitter.dim() < 2 || jitter.shape[^1] != count || jitter.shape[^2] != rays.shape[^2])
            throw new ArgumentException($"jitter must have the shape [R,P] = [{rays.shape[^2]},{count}] or [B,R,P]; it is {Shapes.Text(jitter)}.", nameof(jitter));
        return (z + jitter * ((_options.Far - _options.Near) / (count - 1))).expand([.. rays.shape[..^1], count]);
    }

    private Tensor Composite(Tensor raw, Tensor z)
    {
        var (alpha, before) = Opacity(raw, z);
        var color = raw.narrow(-1, 0, 3).sigmoid();
        var weights = alpha * before;
        var sum = (weights.unsqueeze(-1) * color).sum(-2);
        return _options.WhiteBackground ? sum + (1 - weights.sum(-1, true)) : sum;
    }

    // α of every point, and the share of light that passes all points before it.
    private (Tensor Alpha, Tensor Before) Opacity(Tensor raw, Tensor z)
    {
        int count = _options.PointsPerRay;
        var alpha = 1 - (-raw.select(-1, 3).relu() * Intervals(z)).exp();
        var passes = (1 - alpha + TransmittanceFloor).clamp_max(1);
        return (alpha, cat([ones_like(passes.narrow(-1, 0, 1)), passes.narrow(-1, 0, count - 1)], -1).cumprod(-1));
    }

    private Tensor Intervals(Tensor z)
    {
        int count = _options.PointsPerRay;
        var gaps = z.narrow(-1, 1, count - 1) - z.narrow(-1, 0, count - 1);
        return cat([gaps, full_like(z.narrow(-1, 0, 1), LastInterval)], -1);
    }
}
