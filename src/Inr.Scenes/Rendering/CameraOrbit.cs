using System.Globalization;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Cameras on a circle that look at the middle of a scene; z is up, as in the synthetic NeRF scenes.</summary>
public static class CameraOrbit
{
    // Of the synthetic NeRF scenes, in radians and their units.
    private const double StandardAngle = 0.6911112;
    private const double StandardRadius = 4;

    /// <summary>Poses at even angles.</summary>
    /// <param name="count">The number of cameras.</param>
    /// <param name="radius">Their distance from the middle; 4 in the synthetic NeRF scenes.</param>
    /// <param name="elevation">Their height over the horizon in radians, between −π/2 and π/2; 30° by default.</param>
    /// <returns>Shape [count,3,4]: columns right, up, backward, position; the first camera lies towards −y.</returns>
    public static Tensor Poses(int count, double radius = 4, double elevation = Math.PI / 6)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(radius > 0 && double.IsFinite(radius)))
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "The radius is a finite number above 0.");
        RequireElevation(elevation);
        var values = Enumerable.Range(0, count).SelectMany(i => Pose(2 * Math.PI * i / count - Math.PI / 2, elevation, radius)).Select(v => (float)v).ToArray();
        return tensor(values, [count, 3, 4], device: CPU);
    }

    /// <summary>Cameras at even angles around a scene, midway between its near and far, that see about all of its cube.</summary>
    /// <param name="space">Where the scene lies.</param>
    /// <param name="count">The number of cameras.</param>
    /// <param name="size">The size of their pictures.</param>
    /// <param name="elevation">Their height over the horizon in radians, as in <see cref="Poses"/>.</param>
    public static IReadOnlyList<SceneCamera> Cameras(SceneSpace space, int count, ImageSize size, double elevation = Math.PI / 6)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        RequireElevation(elevation);
        double radius = 0.5 * (space.Near + space.Far);
        // The field of view of the synthetic scenes, where cube and distance are theirs.
        double narrower = radius / space.HalfWidth / (StandardRadius / SceneSpace.Standard.HalfWidth);
        var intrinsics = CameraIntrinsics.Centered(size, CameraRays.FocalLength(StandardAngle, size.Width) * narrower);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double[] pose = Pose(2 * Math.PI * i / count - Math.PI / 2, elevation, radius);
            (pose[3], pose[7], pose[11]) = (pose[3] + space.CenterX, pose[7] + space.CenterY, pose[11] + space.CenterZ);
            return new SceneCamera(i.ToString(CultureInfo.InvariantCulture), intrinsics, pose);
        })];
    }

    private static void RequireElevation(double elevation)
    {
        if (!(Math.Abs(elevation) < Math.PI / 2))
            throw new ArgumentOutOfRangeException(nameof(elevation), elevation, "The elevation lies between −π/2 and π/2: from straight above, no direction is up.");
    }

    private static double[] Pose(double turn, double elevation, double radius)
    {
        var (sin, cos) = Math.SinCos(turn);
        var (rise, reach) = Math.SinCos(elevation);
        double[] right = [-sin, cos, 0];
        double[] above = [-rise * cos, -rise * sin, reach];
        double[] backward = [reach * cos, reach * sin, rise];
        return [.. Enumerable.Range(0, 3).SelectMany(row => (double[])[right[row], above[row], backward[row], radius * backward[row]])];
    }
}
