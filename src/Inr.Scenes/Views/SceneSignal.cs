using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>A posed scene as a signal: the light field, from a ray (origin and direction, six coordinates) to its color.</summary>
/// <remarks>The samples are the pixels of one view after another, row by row. So scenes go through the same data sets, batches and training loop as pictures.</remarks>
public static class SceneSignal
{
    /// <summary>The coordinates of a sample: origin, then direction.</summary>
    public const int Coordinates = 6;

    /// <summary>Makes the signal of a scene.</summary>
    /// <param name="views">Views of B scenes; the caller keeps them.</param>
    /// <param name="scene">Which of them.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>V·H·W samples of 6 coordinates, in units of the scene, and 3 values; the caller owns it.</returns>
    public static Signal Of(PosedViews views, int scene = 0, string name = "")
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentOutOfRangeException.ThrowIfNegative(scene);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(scene, views.Images.shape[0]);
        using var scope = NewDisposeScope();
        var rays = views.Rays(scene);
        var coordinates = cat([rays.Origins, rays.Directions], -1).reshape(-1, Coordinates);
        return new Signal(coordinates, views.Images[scene].reshape(-1, 3).clone(), null, name);
    }
}
