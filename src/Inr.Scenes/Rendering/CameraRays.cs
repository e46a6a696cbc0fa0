using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Rays through the centers of pixels: points o + t·d.</summary>
/// <param name="Origins">Shape […,3]: the position of the camera.</param>
/// <param name="Directions">Shape […,3], not normalized: one unit of t is one unit of depth along the view axis. Behind a
/// fisheye lens, which sees to the side as well, they have the length 1.</param>
public sealed record CameraRays(Tensor Origins, Tensor Directions)
{
    /// <summary>The rays of cameras.</summary>
    /// <param name="poses">Shape […,3,4]: columns right, up, backward, position.</param>
    /// <param name="focals">Shape […,2]: focal lengths along x and y, in pixels.</param>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Columns of a picture.</param>
    /// <param name="centers">Shape […,2]: principal points, column and row; by default (W/2, H/2), the middle of the picture.</param>
    /// <param name="lenses">The lens of each camera; none has any distortion by default.</param>
    /// <returns>Origins and directions of shape […,H,W,3]: pixel (i,j) looks along
    /// R·((j + ½ − c_x)/f_x, −(i + ½ − c_y)/f_y, −1) where the lens does not bend it.</returns>
    /// <exception cref="ArgumentException">The shapes disagree, or a lens sees no direction in a pixel.</exception>
    public static CameraRays FromPoses(Tensor poses, Tensor focals, int height, int width, Tensor? centers = null, IReadOnlyList<LensDistortion>? lenses = null)
    {
        ArgumentNullException.ThrowIfNull(poses);
        ArgumentNullException.ThrowIfNull(focals);
        if (poses.dim() < 2 || poses.shape[^1] != 4 || poses.shape[^2] != 3 || focals.dim() != poses.dim() - 1 || focals.shape[^1] != 2)
            throw new ArgumentException($"Cameras need poses [...,3,4] and focals [...,2]; they are {Shapes.Text(poses)} and {Shapes.Text(focals)}.", nameof(poses));
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (centers is not null && !centers.shape.SequenceEqual(focals.shape))
            throw new ArgumentException($"Principal points have the shape of the focal lengths, {Shapes.Text(focals)}; they are {Shapes.Text(centers)}.", nameof(centers));
        if (lenses is not null && lenses.Count != focals.numel() / 2)
            throw new ArgumentException($"There are {focals.numel() / 2} cameras and {lenses.Count} lenses.", nameof(lenses));
        using var scope = NewDisposeScope();
        long[] lead = poses.shape[..^2];
        centers ??= tensor((double[])[width / 2.0, height / 2.0], poses.dtype, poses.device).expand(focals.shape);
        var local = Local(focals, centers, height, width);
        if (lenses is not null && lenses.Any(l => !l.IsNone))
            Bend(local, focals, centers, lenses);
        var rotation = poses.narrow(-1, 0, 3).unsqueeze(-3).unsqueeze(-3);
        var directions = (rotation * local.unsqueeze(-2)).sum(-1);
        var origins = poses.select(-1, 3).unsqueeze(-2).unsqueeze(-2).expand([.. lead, height, width, 3]).clone();
        return new CameraRays(origins.MoveToOuterDisposeScope(), directions.MoveToOuterDisposeScope());
    }

    /// <summary>The rays of one camera.</summary>
    /// <param name="camera">A camera in the world.</param>
    /// <param name="space">The space of the scene: the rays are in its units; by default in those of the world.</param>
    /// <returns>Origins and directions of shape [H,W,3], float32.</returns>
    public static CameraRays Of(SceneCamera camera, SceneSpace? space = null)
    {
        ArgumentNullException.ThrowIfNull(camera);
        using var scope = NewDisposeScope();
        var lens = camera.Intrinsics;
        var focals = tensor((float[])[(float)lens.FocalX, (float)lens.FocalY]);
        var centers = tensor((float[])[(float)lens.CenterX, (float)lens.CenterY]);
        var rays = FromPoses(camera.PoseIn(space ?? SceneSpace.Standard), focals, lens.Height, lens.Width, centers, [lens.Distortion]);
        return new CameraRays(rays.Origins.MoveToOuterDisposeScope(), rays.Directions.MoveToOuterDisposeScope());
    }

    /// <summary>The focal length of a horizontal field of view.</summary>
    /// <param name="cameraAngleX">The angle in radians, in (0,π).</param>
    /// <param name="width">Columns of a picture.</param>
    /// <returns>½·W / tan(½·angle), in pixels.</returns>
    public static double FocalLength(double cameraAngleX, int width) => 0.5 * width / Math.Tan(0.5 * cameraAngleX);

    // Directions seen from the camera, […,H,W,3], without a lens.
    private static Tensor Local(Tensor focals, Tensor centers, int height, int width)
    {
        Tensor Part(Tensor pair, int index) => pair.select(-1, index).unsqueeze(-1).unsqueeze(-1);
        Tensor Middles(int count) => arange(count, dtype: focals.dtype, device: focals.device) + 0.5;
        var row = Middles(height).unsqueeze(-1).expand(height, width) - Part(centers, 1);
        var column = Middles(width).unsqueeze(0).expand(height, width) - Part(centers, 0);
        var x = column / Part(focals, 0);
        return stack([x, -row / Part(focals, 1), -ones_like(x)], -1);
    }

    private static void Bend(Tensor local, Tensor focals, Tensor centers, IReadOnlyList<LensDistortion> lenses)
    {
        int height = (int)local.shape[^3], width = (int)local.shape[^2];
        var cameras = local.reshape(-1, height, width, 3);
        double[] f = Numbers(focals), c = Numbers(centers);
        var seen = new Dictionary<CameraIntrinsics, Tensor>();
        for (int i = 0; i < lenses.Count; i++)
        {
            if (lenses[i].IsNone)
                continue;
            var camera = new CameraIntrinsics(width, height, f[2 * i], f[2 * i + 1], c[2 * i], c[2 * i + 1]) { Distortion = lenses[i] };
            if (!seen.TryGetValue(camera, out var directions))
            {
                directions = camera.Directions().to(local.dtype, local.device);
                if (!directions.isfinite().all().item<bool>())
                    throw new ArgumentException($"The lens of camera {i} ({lenses[i]}) sees no direction in some pixels of {width}×{height}: its picture folds over before they are reached.", nameof(lenses));
                seen[camera] = directions;
            }

            cameras[i].copy_(directions);
        }
    }

    private static double[] Numbers(Tensor values) => values.detach().to(CPU).to(float64).contiguous().data<double>().ToArray();
}
