using Inr.Meta;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>Scenes in closed form: a ball of one color around the middle, seen from a circle, over white.</summary>
internal static class SphereScenes
{
    private const double Angle = 0.69111;
    private const double Radius = 0.8;

    private static readonly float[][] Colors = [[0.9f, 0.1f, 0.1f], [0.1f, 0.8f, 0.2f], [0.2f, 0.2f, 0.9f], [0.1f, 0.1f, 0.1f], [0.8f, 0.7f, 0.1f], [0.6f, 0.1f, 0.7f]];

    /// <summary>The views of one scene.</summary>
    public static PosedViews Views(int scene, int views, int size)
    {
        using var scope = NewDisposeScope();
        var poses = CameraOrbit.Poses(views).unsqueeze(0);
        var focals = full([1, views, 2], (float)CameraRays.FocalLength(Angle, size));
        var rays = CameraRays.FromPoses(poses, focals, size, size);
        var o = rays.Origins;
        var d = rays.Directions / rays.Directions.norm(-1, true, 2);
        // A ray meets the ball where its closest approach to the middle is nearer than the radius.
        var hit = (o - (o * d).sum(-1, true) * d).square().sum(-1, true).lt(Radius * Radius).to(float32);
        var images = hit * tensor(Colors[scene % Colors.Length]) + (1 - hit);
        return new PosedViews(images, poses, focals);
    }

    /// <summary>The scenes as signals; the caller owns them.</summary>
    public static Signal[] Signals(int count, int views, int size) => [.. Enumerable.Range(0, count).Select(i =>
    {
        using var scene = Views(i, views, size);
        return SceneSignal.Of(scene, 0, $"ball {i}");
    })];
}
