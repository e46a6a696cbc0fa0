using System.Globalization;
using System.Text.Json;
using Inr.Meta;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>A folder with pictures of a colored ball of radius 0.8, taken from a circle, and their poses.</summary>
internal sealed class SceneFolder : IDisposable
{
    private const double Angle = 0.69111;

    public SceneFolder(int views, bool transparent = false, int size = 16, LensDistortion? lens = null)
    {
        lens ??= LensDistortion.None;
        Path = Directory.CreateTempSubdirectory("inr-scene-").FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "train"));
        var frames = new List<object>();
        for (int i = 0; i < views; i++)
        {
            using var scope = NewDisposeScope();
            double[][] pose = Pose(2 * Math.PI * i / views);
            using var poses = tensor(pose.Take(3).SelectMany(r => r).Select(v => (float)v).ToArray(), [1, 1, 3, 4]);
            using var focals = full([1, 1, 2], (float)CameraRays.FocalLength(Angle, size));
            var rays = CameraRays.FromPoses(poses, focals, size, size, null, [lens]);
            var colors = Shade(rays).reshape(size * size, 3);
            if (transparent)
                colors = cat([colors, colors.lt(1).any(-1).to(float32).unsqueeze(-1)], -1);
            using var picture = Signal.FromGrid(colors, [size, size]);
            picture.SavePng(System.IO.Path.Combine(Path, "train", Name(i) + ".png"));
            frames.Add(new { file_path = "./train/" + Name(i), transform_matrix = pose });
        }

        Write(new { camera_angle_x = Angle, k1 = lens.K1, k2 = lens.K2, k3 = lens.K3, k4 = lens.K4, p1 = lens.P1, p2 = lens.P2, is_fisheye = lens.IsFisheye, frames });
    }

    public string Path { get; }

    public static string Name(int view) => "r_" + view.ToString(CultureInfo.InvariantCulture);

    public void Write(object transforms) => File.WriteAllText(System.IO.Path.Combine(Path, "transforms_train.json"), JsonSerializer.Serialize(transforms));

    public string Picture(int view) => System.IO.Path.Combine(Path, "train", Name(view) + ".png");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    // A camera at radius 4 that looks at the middle: columns right, up, backward, position.
    private static double[][] Pose(double turn) =>
    [
        [Math.Cos(turn), 0, Math.Sin(turn), 4 * Math.Sin(turn)],
        [0, 1, 0, 0],
        [-Math.Sin(turn), 0, Math.Cos(turn), 4 * Math.Cos(turn)],
        [0, 0, 0, 1],
    ];

    // Closest approach of each ray to the middle decides hit or miss; the color says where.
    private static Tensor Shade(CameraRays rays)
    {
        var o = rays.Origins;
        var d = rays.Directions / rays.Directions.norm(-1, true, 2);
        var along = -(o * d).sum(-1, true);
        var nearest = o + along * d;
        var miss = nearest.square().sum(-1, true);
        var hit = miss.lt(0.64).to(float32);
        var surface = nearest - (0.64 - miss).clamp_min(0).sqrt() * d;
        return hit * (0.5 + 0.5 * surface) + (1 - hit);
    }
}
