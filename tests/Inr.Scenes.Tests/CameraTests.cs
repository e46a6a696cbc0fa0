using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Cameras against closed forms: a point of the world is seen at the pixel whose ray passes through it.</summary>
public sealed class CameraTests
{
    private const int Width = 64;
    private const int Height = 40;

    public static TheoryData<string> Models => [.. Lenses.Keys];

    private static readonly Dictionary<string, LensDistortion> Lenses = new()
    {
        ["pinhole"] = LensDistortion.None,
        ["radial"] = new() { K1 = -0.28, K2 = 0.09 },
        ["pincushion"] = new() { K1 = 0.2, K2 = 0.05, K3 = -0.01 },
        ["opencv"] = new() { K1 = -0.2, K2 = 0.06, K3 = 0.01, K4 = -0.002, P1 = 0.004, P2 = -0.007 },
        ["tangential"] = new() { P1 = 0.02, P2 = 0.015 },
        ["equidistant"] = new() { IsFisheye = true },
        ["fisheye"] = new() { IsFisheye = true, K1 = 0.06, K2 = -0.02, K3 = 0.004, K4 = -0.0006 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Direction_OfPixel_IsSeenAtThatPixel(string model)
    {
        var camera = Camera(model);
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                var (right, up, backward) = camera.Direction(column + 0.5, row + 0.5);
                // Any point of the ray, near or far.
                var (x, y) = camera.Project(3.7 * right, 3.7 * up, 3.7 * backward);
                x.Should().BeApproximately(column + 0.5, 1e-9);
                y.Should().BeApproximately(row + 0.5, 1e-9);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Rays_OfViews_PassThroughPointsThatAreSeenThere(string model)
    {
        using var scope = NewDisposeScope();
        var camera = new SceneCamera("", Camera(model), Pose);
        var rays = CameraRays.Of(camera);
        rays.Directions.shape.Should().Equal(Height, Width, 3);
        float[] o = Numbers(rays.Origins), d = Numbers(rays.Directions);
        double worst = 0;
        for (int i = 0; i < Height * Width; i++)
        {
            double At(int axis) => o[3 * i + axis] + 4.3 * d[3 * i + axis];
            var (x, y) = camera.Project(At(0), At(1), At(2));
            worst = Math.Max(worst, double.Hypot(x - (i % Width + 0.5), y - (i / Width + 0.5)));
        }

        worst.Should().BeLessThan(1e-4);
    }

    [Fact]
    public void Project_OfPinhole_IsThePerspectiveOfTheBooks()
    {
        // From (0, 0, 5) along −z, x to the right and y up: the point (1, 2, 0) lies at depth 5.
        var camera = new SceneCamera("", new CameraIntrinsics(100, 80, 50, 60, 45, 33), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 5]);
        camera.Project(1, 2, 0).Should().Be((45 + 50 * 1 / 5.0, 33 - 60 * 2 / 5.0));
        double.IsNaN(camera.Project(0, 0, 6).Column).Should().BeTrue("it lies behind the camera");
    }

    [Fact]
    public void Project_ThroughLens_FollowsTheFormulaOfOpenCv()
    {
        double k1 = -0.2, k2 = 0.06, k3 = 0.01, k4 = -0.002, p1 = 0.004, p2 = -0.007;
        var camera = Camera("opencv");
        // A point to the right and above: in OpenCV's camera, y points down.
        double x = 0.3, y = -0.2, r2 = 0.13;
        double radial = 1 + k1 * r2 + k2 * r2 * r2 + k3 * Math.Pow(r2, 3) + k4 * Math.Pow(r2, 4);
        var (column, row) = camera.Project(0.6, 0.4, -2);
        column.Should().BeApproximately(50 * (x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)) + 30, 1e-12);
        row.Should().BeApproximately(44 * (y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y) + 21, 1e-12);
    }

    [Fact]
    public void Project_ThroughFisheye_GoesWithTheAngle()
    {
        var camera = new CameraIntrinsics(200, 200, 40, 40, 100, 100) { Distortion = Lenses["equidistant"] };
        camera.Project(0, 1, -1).Row.Should().BeApproximately(100 - 40 * Math.PI / 4, 1e-12);
        // To the side and behind.
        camera.Project(1, 0, 0).Column.Should().BeApproximately(100 + 40 * Math.PI / 2, 1e-12);
        camera.Project(1, 0, 1).Column.Should().BeApproximately(100 + 40 * 3 * Math.PI / 4, 1e-12);
        double.IsNaN(camera.Project(0, 0, 1).Column).Should().BeTrue("what lies straight behind has no one place");
        var bent = new CameraIntrinsics(200, 200, 40, 40, 100, 100) { Distortion = Lenses["fisheye"] };
        double t = Math.PI / 4;
        bent.Project(1, 0, -1).Column.Should().BeApproximately(100 + 40 * (t + 0.06 * Math.Pow(t, 3) - 0.02 * Math.Pow(t, 5) + 0.004 * Math.Pow(t, 7) - 0.0006 * Math.Pow(t, 9)), 1e-12);
    }

    [Fact]
    public void Direction_PastTheFoldOfALens_IsNone()
    {
        // ρ = r − ½ r³ turns back at r² = 2/3, where it is ⅔·√(2/3) = 0.5443.
        var lens = new LensDistortion { K1 = -0.5 };
        double.IsNaN(lens.Undistort(0.5444, 0).X).Should().BeTrue();
        var (x, _, _) = lens.Undistort(0.5442, 0);
        x.Should().BeInRange(0.79, Math.Sqrt(2.0 / 3));
        double.IsNaN(lens.Distort(0.9, 0, 1).X).Should().BeTrue("its image lies where a nearer direction is seen");
        // A copy with other numbers has another fold.
        (lens with { K1 = 0 }).Undistort(0.9, 0).X.Should().Be(0.9);
        (lens with { K1 = -0.1 }).Undistort(0.9, 0).X.Should().BeGreaterThan(0.9);
        var views = new PosedViews(zeros([1, 1, 8, 8, 3]), eye(3, 4).reshape(1, 1, 3, 4), full([1, 1, 2], 4f), null, [lens]);
        ((Action)(() => views.Rays())).Should().Throw<ArgumentException>().WithMessage("*K1 = -0.5*no direction*");
        views.Dispose();
    }

    [Fact]
    public void Resized_ScalesEachAxis()
    {
        var camera = Camera("opencv");
        var half = camera.Resized(new ImageSize(20, 16));
        var (right, up, backward) = camera.Direction(40, 30);
        var (column, row) = half.Project(right, up, backward);
        column.Should().BeApproximately(10, 1e-9);
        row.Should().BeApproximately(15, 1e-9);
        var fitted = new SceneCamera("", camera, Pose).Fitting(new ImageSize(100, 32));
        fitted.Intrinsics.Size.Should().Be(new ImageSize(20, 32), "the aspect stays");
    }

    [Theory]
    [InlineData(64, 40, 48, 48, 48, 30)]
    [InlineData(40, 64, 48, 48, 30, 48)]
    [InlineData(1920, 1080, 100, 100, 100, 56)]
    [InlineData(800, 800, 100, 100, 100, 100)]
    [InlineData(64, 32, 10, 4, 8, 4)]
    [InlineData(3000, 1, 100, 100, 100, 1)]
    public void Within_OfBox_KeepsTheAspect(int width, int height, int boxWidth, int boxHeight, int newWidth, int newHeight) =>
        PictureSize.Within(new ImageSize(height, width), new ImageSize(boxHeight, boxWidth)).Should().Be(new ImageSize(newHeight, newWidth));

    [Fact]
    public void Rays_OfManyCameras_AreThoseOfEach()
    {
        using var scope = NewDisposeScope();
        string[] models = ["opencv", "pinhole", "fisheye"];
        var cameras = models.Select((m, i) => new SceneCamera(m, Camera(m) with { FocalX = 50 + i, CenterY = 21 - i }, Pose)).ToArray();
        Tensor Pairs(Func<CameraIntrinsics, (double X, double Y)> pair) =>
            tensor(cameras.Select(c => pair(c.Intrinsics)).SelectMany(p => (float[])[(float)p.X, (float)p.Y]).ToArray(), [1, 3, 2]);
        var poses = tensor(cameras.SelectMany(c => c.Pose).Select(v => (float)v).ToArray(), [1, 3, 3, 4]);
        var views = new PosedViews(zeros([1, 3, Height, Width, 3]), poses, Pairs(c => (c.FocalX, c.FocalY)), Pairs(c => (c.CenterX, c.CenterY)), [.. models.Select(m => Lenses[m])]);
        var all = views.Rays();
        for (int i = 0; i < 3; i++)
        {
            var own = CameraRays.Of(cameras[i]);
            Close.ShouldBeSame(all.Directions[0, i], own.Directions);
            Close.ShouldBeSame(all.Origins[0, i], own.Origins);
        }

        using var signal = SceneSignal.Of(views);
        Close.ShouldBeSame(signal.Coordinates.narrow(1, 3, 3), all.Directions.reshape(-1, 3));
        views.Dispose();
    }

    [Fact]
    public void Rays_InSceneUnits_MeetTheMovedPoints()
    {
        using var scope = NewDisposeScope();
        // A world whose origin is so far away that float32 counts in half metres.
        var space = new SceneSpace { CenterX = 4_000_000, CenterY = -2_000_000, CenterZ = 100, Scale = 0.25, HalfWidth = 6, Near = 8, Far = 24 };
        double[] pose = [.. Pose];
        (pose[3], pose[7], pose[11]) = (4_000_003.2, -2_000_001.6, 112.8);
        var camera = new SceneCamera("", Camera("opencv"), pose);
        var rays = CameraRays.Of(camera, space);
        float[] o = Numbers(rays.Origins), d = Numbers(rays.Directions);
        (o[0], o[1], o[2]).Should().Be((0.8f, -0.4f, 3.2f));
        int i = 7 * Width + 50;
        // Depth 3 in units of the scene is depth 12 in the world.
        double World(int axis, double center) => (o[3 * i + axis] + 3.0 * d[3 * i + axis]) / space.Scale + center;
        var (x, y) = camera.Project(World(0, space.CenterX), World(1, space.CenterY), World(2, space.CenterZ));
        x.Should().BeApproximately(50.5, 1e-4);
        y.Should().BeApproximately(7.5, 1e-4);
        var moved = space.ToField(tensor(pose, [3, 4]));
        Close.ShouldBeClose(moved.select(1, 3), tensor((double[])[0.8, -0.4, 3.2]), 1e-9);
        Close.ShouldBeSame(moved.narrow(1, 0, 3), tensor(pose, [3, 4]).narrow(1, 0, 3));
    }

    // A camera that looks along no axis of the world.
    private static double[] Pose
    {
        get
        {
            var (s, c) = Math.SinCos(0.7);
            var (t, e) = Math.SinCos(0.4);
            return [c, -s * t, s * e, 1.2, 0, e, t, -0.3, -s, -c * t, c * e, 2.5];
        }
    }

    private static CameraIntrinsics Camera(string model) => new(Width, Height, 50, 44, 30, 21) { Distortion = Lenses[model] };

    private static float[] Numbers(Tensor values) => values.contiguous().data<float>().ToArray();
}
