using System.Globalization;
using System.Text.Json;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>Pictures of balls, drawn here without the library's cameras, against the rays of the cameras that are read from their file.</summary>
/// <remarks>Another focal length, a principal point in the middle or a lens that is left out cost several times what the bounds allow.</remarks>
public sealed class SilhouetteTests : IDisposable
{
    private const int Views = 4;
    // The edges that are drawn have no grey, so that resizing moves them by up to half a pixel.
    private const double Resized = 0.85;

    private static readonly (double X, double Y, double Z, double Radius)[] Balls = [(0.5, 0, 0.1, 0.5), (-0.5, 0.3, -0.1, 0.45), (0, -0.6, 0.3, 0.4)];

    private readonly string _folder = Directory.CreateTempSubdirectory("inr-silhouettes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain", 32, 32, 40, 40, 16, 16, false, 1, 0)]
    [InlineData("wide", 48, 24, 40, 40, 24, 12, false, 1, 0)]
    [InlineData("anamorphic, off the middle", 32, 32, 60, 40, 18, 14, false, 1, 0)]
    [InlineData("another focal length for each frame", 32, 24, 40, 32, 16, 12, true, 1, 0)]
    [InlineData("of a world of kilometres, far from its origin", 32, 32, 40, 40, 16, 16, false, 250, 3_000)]
    [InlineData("of a small world", 24, 40, 30, 40, 12, 20, false, 0.02, 0)]
    public void Load_OfDrawnBalls_SeesThemWhereTheyAre(string what, int width, int height, double focalX, double focalY, double centerX, double centerY, bool perFrame, double scale, double offset)
    {
        double[] none = [0, 0, 0, 0];
        Draw(width, height, focalX, focalY, centerX, centerY, perFrame, scale, offset, none);
        Agreement(scale, offset, size: null).Should().BeGreaterThan(0.98, what);
        Agreement(scale, offset, size: 3 * Math.Max(width, height) / 4).Should().BeGreaterThan(Resized, $"{what}, resized");
    }

    [Fact]
    public void Load_OfBallsThroughALens_SeesThemWhereTheyAre()
    {
        Draw(32, 32, 34, 38, 15, 17, perFrame: false, scale: 1, offset: 0, lens: [0.25, -0.05, 0.01, -0.008]);
        Agreement(1, 0, size: null).Should().BeGreaterThan(0.98);
        Agreement(1, 0, size: 24).Should().BeGreaterThan(Resized);
    }

    private void Draw(int width, int height, double focalX, double focalY, double centerX, double centerY, bool perFrame, double scale, double offset, double[] lens)
    {
        var frames = new List<object>();
        for (int view = 0; view < Views; view++)
        {
            double longer = perFrame ? 1 + 0.15 * view : 1;
            var (pose, hits) = Picture(view, width, height, focalX * longer, focalY * longer, centerX, centerY, lens);
            using var scope = NewDisposeScope();
            using var picture = Signal.FromGrid(tensor(hits.SelectMany(h => (float[])[0.5f, 0.5f, 0.5f, h ? 1 : 0]).ToArray(), [width * height, 4]), [height, width]);
            picture.SavePng(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"v.{view}.png")));
            double[][] world = [.. pose.Select(row => (double[])[row[0], row[1], row[2], row[3] * scale + offset]), [0, 0, 0, 1]];
            frames.Add(new { file_path = string.Create(CultureInfo.InvariantCulture, $".\\v.{view}"), transform_matrix = world, fl_x = focalX * longer, fl_y = focalY * longer });
        }

        File.WriteAllText(Path.Combine(_folder, "transforms.json"), JsonSerializer.Serialize(new { cx = centerX, cy = centerY, w = width, h = height, k1 = lens[0], k2 = lens[1], p1 = lens[2], p2 = lens[3], frames }));
    }

    private static (double[][] Pose, bool[] Hits) Picture(int view, int width, int height, double focalX, double focalY, double centerX, double centerY, double[] lens)
    {
        var (sin, cos) = Math.SinCos(0.4 + 1.6 * view);
        var (rise, reach) = Math.SinCos(0.3 + 0.2 * view);
        double[] right = [-sin, cos, 0], up = [-rise * cos, -rise * sin, reach], back = [reach * cos, reach * sin, rise];
        var hits = new bool[width * height];
        for (int i = 0; i < hits.Length; i++)
        {
            var (x, y) = Straight((i % width + 0.5 - centerX) / focalX, (i / width + 0.5 - centerY) / focalY, lens);
            hits[i] = Hits([4 * back[0], 4 * back[1], 4 * back[2]], [.. Enumerable.Range(0, 3).Select(k => x * right[k] - y * up[k] - back[k])], 1, 0);
        }

        return ([.. Enumerable.Range(0, 3).Select(k => (double[])[right[k], up[k], back[k], 4 * back[k]])], hits);
    }

    // The inverse of OpenCV's polynomial by fixed points.
    private static (double X, double Y) Straight(double x, double y, double[] lens)
    {
        double u = x, v = y;
        for (int i = 0; i < 100; i++)
        {
            double square = u * u + v * v, factor = 1 + lens[0] * square + lens[1] * square * square;
            (u, v) = ((x - 2 * lens[2] * u * v - lens[3] * (square + 2 * u * u)) / factor, (y - lens[2] * (square + 2 * v * v) - 2 * lens[3] * u * v) / factor);
        }

        return (u, v);
    }

    private static bool Hits(double[] origin, double[] direction, double scale, double offset) => Balls.Any(ball =>
    {
        double[] to = [ball.X * scale + offset - origin[0], ball.Y * scale + offset - origin[1], ball.Z * scale + offset - origin[2]];
        double along = to.Zip(direction, (a, b) => a * b).Sum(), square = direction.Sum(d => d * d);
        return along > 0 && to.Sum(t => t * t) - along * along / square < ball.Radius * ball.Radius * scale * scale;
    });

    // The worst view's share of the pixels that show a ball, in the picture or along the rays, which do in both.
    private double Agreement(double scale, double offset, int? size)
    {
        using var scope = NewDisposeScope();
        using var scene = NerfScene.Load(_folder, "train", size);
        double worst = 1;
        for (int view = 0; view < Views; view++)
        {
            var rays = CameraRays.Of(scene.Cameras[view]);
            float[] origins = rays.Origins.contiguous().data<float>().ToArray(), directions = rays.Directions.contiguous().data<float>().ToArray();
            float[] opacity = scene.Opacity[view].contiguous().data<float>().ToArray();
            int both = 0, either = 0;
            for (int i = 0; i < opacity.Length; i++)
            {
                bool drawn = opacity[i] > 0.5, hit = Hits([origins[3 * i], origins[3 * i + 1], origins[3 * i + 2]], [directions[3 * i], directions[3 * i + 1], directions[3 * i + 2]], scale, offset);
                both += drawn && hit ? 1 : 0;
                either += drawn || hit ? 1 : 0;
            }

            worst = Math.Min(worst, (double)both / either);
        }

        return worst;
    }
}
