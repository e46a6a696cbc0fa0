using Inr.Losses;

namespace Inr.Scenes;

/// <summary>Rays through a field of which only the points that change their color are evaluated with a graph: for the fit of one scene, which updates its grid on the way.</summary>
internal sealed class SparseRayObservation(VolumeRenderer renderer, OccupancyGrid grid) : Observation
{
    /// <summary>The points that were looked at since this was set to 0.</summary>
    public long Points { get; set; }

    public override bool IsRandom => true;

    public override int PlaceDimension(ITargetFunction target) => SceneSignal.Coordinates;

    public override int Channels(ITargetFunction target) => 3;

    public override Tensor Of(ITargetFunction target, ParameterSet parameters, Tensor places, Generator? noise = null)
    {
        ArgumentNullException.ThrowIfNull(noise);
        using var scope = NewDisposeScope();
        var jitter = rand([places.shape[0], renderer.PointsPerRay], dtype: float32, device: CPU, generator: noise).to(places.device);
        var (colors, points) = renderer.RenderSparse(target, parameters, places.narrow(-1, 0, 3), places.narrow(-1, 3, 3), jitter, grid);
        Points += points;
        return colors.MoveToOuterDisposeScope();
    }
}
