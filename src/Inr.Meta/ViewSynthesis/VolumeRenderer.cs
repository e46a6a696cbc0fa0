namespace Inr.Meta;

/// <summary>Renders rays through a radiance field by quadrature, as the official Trans-INR code does.</summary>
/// <remarks>
/// <para>
/// z_p = linspace(near, far, P), in training plus u·(far − near)/(P − 1) with u in [0,1); δ_p = z_{p+1} − z_p and
/// δ_P = 1e-3, not multiplied by |d|; c = sigmoid(rgb), σ = relu(density); α_p = 1 − exp(−σ_p δ_p),
/// T_p = Π_{q&lt;p} min(1, 1 − α_q + 1e-10), w_p = T_p α_p; colour = Σ w_p c_p + (1 − Σ w_p)·background.
/// One pass over evenly spaced points; no second, finer one.
/// </para>
/// <para>Max 1995; Mildenhall et al., NeRF, ECCV 2020; Chen and Wang, ECCV 2022.</para>
/// </remarks>
public sealed class VolumeRenderer
{
    private const double LastInterval = 1e-3;
    private const double TransmittanceFloor = 1e-10;

    private readonly VolumeRendererOptions _options;

    /// <summary>Creates a renderer.</summary>
    /// <param name="options">Range, points and background; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public VolumeRenderer(VolumeRendererOptions? options = null)
    {
        options ??= new VolumeRendererOptions();
        new VolumeRendererOptionsValidator().ThrowIfInvalid(options);
        _options = options.Copy();
    }

    /// <summary>Points on a ray.</summary>
    public int PointsPerRay => _options.PointsPerRay;

    /// <summary>The colours of rays.</summary>
    /// <param name="field">Maps a point to raw r, g, b and density.</param>
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
        if (field.InputDimension != 3 || field.OutputDimension != 4)
            throw new ArgumentException($"A radiance field maps 3 coordinates to 4 values; this target maps {field.InputDimension} to {field.OutputDimension}.", nameof(field));

        using var scope = NewDisposeScope();
        var z = Depths(origins, jitter);
        var points = origins.unsqueeze(-2) + z.unsqueeze(-1) * directions.unsqueeze(-2);
        var flat = points.flatten(-3, -2);
        var raw = (grid is null ? field.Evaluate(parameters, flat) : grid.Evaluate(field, parameters, flat)).reshape([.. points.shape[..^1], 4]);
        return Composite(raw, z).MoveToOuterDisposeScope();
    }

    /// <summary>Pictures of whole cameras without gradients, in pieces that bound memory.</summary>
    /// <param name="field">Maps a point to raw r, g, b and density.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="rays">Rays of shape […,3].</param>
    /// <param name="raysPerPass">Rays of a piece.</param>
    /// <param name="grid">Skips points in space that is known to be empty.</param>
    /// <returns>Shape […,3].</returns>
    public Tensor RenderImage(ITargetFunction field, ParameterSet parameters, CameraRays rays, int raysPerPass = 1024, OccupancyGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(rays);
        ArgumentOutOfRangeException.ThrowIfLessThan(raysPerPass, 1);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var origins = rays.Origins.reshape(-1, 3);
        var directions = rays.Directions.reshape(-1, 3);
        var result = empty_like(origins);
        for (long start = 0; start < origins.shape[0]; start += raysPerPass)
        {
            using var piece = NewDisposeScope();
            long count = Math.Min(raysPerPass, origins.shape[0] - start);
            result.narrow(0, start, count).copy_(Render(field, parameters, origins.narrow(0, start, count), directions.narrow(0, start, count), null, grid));
        }

        return result.reshape(rays.Origins.shape).MoveToOuterDisposeScope();
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
        int count = _options.PointsPerRay;
        var gaps = z.narrow(-1, 1, count - 1) - z.narrow(-1, 0, count - 1);
        var intervals = cat([gaps, full_like(z.narrow(-1, 0, 1), LastInterval)], -1);
        var colour = raw.narrow(-1, 0, 3).sigmoid();
        var density = raw.select(-1, 3).relu();
        var alpha = 1 - (-density * intervals).exp();
        var passes = (1 - alpha + TransmittanceFloor).clamp_max(1);
        var before = cat([ones_like(passes.narrow(-1, 0, 1)), passes.narrow(-1, 0, count - 1)], -1).cumprod(-1);
        var weights = alpha * before;
        var sum = (weights.unsqueeze(-1) * colour).sum(-2);
        return _options.WhiteBackground ? sum + (1 - weights.sum(-1, true)) : sum;
    }
}
