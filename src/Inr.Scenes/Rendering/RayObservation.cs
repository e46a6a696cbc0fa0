using Inr.Losses;

namespace Inr.Scenes;

/// <summary>A radiance field seen along rays: what a <see cref="SceneSignal"/> observes. With it, scenes go through the fitters, the test-time steps and the evaluation of pictures.</summary>
/// <remarks>
/// A place is a ray, origin and direction; what is seen there is its color by the <see cref="VolumeRenderer"/>. In training
/// the points of a ray are jittered; a judgement has evenly spaced ones.
/// <code>
/// var loss = new Loss { Observation = new RayObservation(new VolumeRenderer()) };
/// using var fitter = new GradientFitter(new NerfMlp(), new GradientFitterOptions { Loss = loss, BatchSize = 1_024 });
/// using var fit = fitter.Fit(SceneSignal.Of(views));
/// </code>
/// </remarks>
public sealed class RayObservation : Observation
{
    private readonly VolumeRenderer _renderer;
    private readonly OccupancyGrid? _grid;

    /// <summary>Creates an observation.</summary>
    /// <param name="renderer">Renders rays.</param>
    /// <param name="grid">Skips points in space that is known to be empty; none by default. The caller keeps it.</param>
    public RayObservation(VolumeRenderer renderer, OccupancyGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        _renderer = renderer;
        _grid = grid;
    }

    /// <summary>True: points are jittered in training.</summary>
    public override bool IsRandom => true;

    /// <inheritdoc/>
    public override int PointsPerPlace => _renderer.PointsPerRay;

    /// <summary>6: origin, then direction.</summary>
    public override int PlaceDimension(ITargetFunction target) => SceneSignal.Coordinates;

    /// <summary>3: a color.</summary>
    public override int Channels(ITargetFunction target) => 3;

    /// <inheritdoc/>
    public override Tensor Of(ITargetFunction target, ParameterSet parameters, Tensor places, Generator? noise = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        Shapes.Require(places, "places", "[R,6] or [B,R,6]", 2, 3);
        using var scope = NewDisposeScope();
        // Each field of a batch is seen along rays of its own.
        var rays = parameters.BatchSize is { } batch && places.dim() == 2 ? places.unsqueeze(0).expand(batch, places.shape[0], places.shape[1]) : places;
        var jitter = noise is null ? null : rand([.. rays.shape[..^1], _renderer.PointsPerRay], dtype: float32, device: CPU, generator: noise).to(rays.dtype, rays.device);
        return _renderer.Render(target, parameters, rays.narrow(-1, 0, 3), rays.narrow(-1, 3, 3), jitter, _grid).MoveToOuterDisposeScope();
    }
}
