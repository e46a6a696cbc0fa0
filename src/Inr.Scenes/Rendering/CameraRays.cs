using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Rays through the centres of pixels: points o + t·d.</summary>
/// <param name="Origins">Shape […,3]: the position of the camera.</param>
/// <param name="Directions">Shape […,3], not normalised: one unit of t is one unit of depth along the view axis.</param>
public sealed record CameraRays(Tensor Origins, Tensor Directions)
{
    /// <summary>The rays of pinhole cameras.</summary>
    /// <param name="poses">Shape […,3,4]: columns right, up, backward, position.</param>
    /// <param name="focals">Shape […,2]: focal lengths along x and y, in pixels.</param>
    /// <param name="height">Rows of a picture.</param>
    /// <param name="width">Columns of a picture.</param>
    /// <returns>Origins and directions of shape […,H,W,3]: pixel (i,j) looks along
    /// R·((j + ½ − W/2)/f_x, −(i + ½ − H/2)/f_y, −1).</returns>
    public static CameraRays FromPoses(Tensor poses, Tensor focals, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(poses);
        ArgumentNullException.ThrowIfNull(focals);
        if (poses.dim() < 2 || poses.shape[^1] != 4 || poses.shape[^2] != 3 || focals.dim() != poses.dim() - 1 || focals.shape[^1] != 2)
            throw new ArgumentException($"Cameras need poses [...,3,4] and focals [...,2]; they are {Shapes.Text(poses)} and {Shapes.Text(focals)}.", nameof(poses));
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        using var scope = NewDisposeScope();
        long[] lead = poses.shape[..^2];
        var dtype = poses.dtype;
        var row = (arange(height, dtype: dtype, device: poses.device) + 0.5 - height / 2.0).unsqueeze(-1).expand(height, width);
        var column = (arange(width, dtype: dtype, device: poses.device) + 0.5 - width / 2.0).unsqueeze(0).expand(height, width);
        var fx = focals.select(-1, 0).unsqueeze(-1).unsqueeze(-1);
        var fy = focals.select(-1, 1).unsqueeze(-1).unsqueeze(-1);
        var x = column / fx;
        var y = -row / fy;
        var local = stack([x, y, -ones_like(x)], -1);
        var rotation = poses.narrow(-1, 0, 3).unsqueeze(-3).unsqueeze(-3);
        var directions = (rotation * local.unsqueeze(-2)).sum(-1);
        var origins = poses.select(-1, 3).unsqueeze(-2).unsqueeze(-2).expand([.. lead, height, width, 3]).clone();
        return new CameraRays(origins.MoveToOuterDisposeScope(), directions.MoveToOuterDisposeScope());
    }

    /// <summary>The focal length of a horizontal field of view.</summary>
    /// <param name="cameraAngleX">The angle in radians, in (0,π).</param>
    /// <param name="width">Columns of a picture.</param>
    /// <returns>½·W / tan(½·angle), in pixels.</returns>
    public static double FocalLength(double cameraAngleX, int width) => 0.5 * width / Math.Tan(0.5 * cameraAngleX);
}
