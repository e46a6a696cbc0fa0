using System.Text.Json.Nodes;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>Where a scene lies: found from cameras, from the file, from the caller; kept by the file of a field.</summary>
public sealed class SceneSpaceTests
{
    [Theory]
    [InlineData(4, 0, 0, 0)]
    [InlineData(4.031, 0, 0, 0)]
    [InlineData(4.2, 0.2, -0.1, 0.1)]
    public void Find_AroundTheOrigin_IsTheStandardToTheBit(double distance, double x, double y, double z)
    {
        using var scene = new PoseFile(Around(distance, x, y, z));
        scene.Space().Should().Be(new SceneSpace { HalfWidth = 1.5, Near = 2, Far = 6, Scale = 1 });
    }

    [Theory]
    [InlineData(4, 5, 2, 1)]
    [InlineData(40, 0, 0, 0)]
    [InlineData(0.4, -3, 0.5, 12)]
    [InlineData(700, 500_000, 4_500_000, 120)]
    public void Find_InAnyWorld_IsWhereTheCamerasLook(double distance, double x, double y, double z)
    {
        using var scene = new PoseFile(Around(distance, x, y, z));
        var space = scene.Space();
        space.CenterX.Should().BeApproximately(x, 1e-5 * distance);
        space.CenterY.Should().BeApproximately(y, 1e-5 * distance);
        space.CenterZ.Should().BeApproximately(z, 1e-5 * distance);
        // The proportions of the standard.
        space.HalfWidth.Should().BeApproximately(distance * 3 / 8, 1e-4 * distance);
        space.Near.Should().BeApproximately(distance / 2, 1e-4 * distance);
        space.Far.Should().BeApproximately(distance * 3 / 2, 1e-4 * distance);
        space.Scale.Should().BeApproximately(4 / distance, 1e-4 / distance);
    }

    [Fact]
    public void Find_WithWordsOfTheCaller_TakesThem()
    {
        using var scene = new PoseFile(Around(4, 0, 0, 0));
        scene.Space(new() { Near = 2.5 }).Should().Be(SceneSpace.Standard with { Near = 2.5 });
        scene.Space(new() { Near = 2, Far = 6, HalfWidth = 1.5 }).Should().Be(SceneSpace.Standard);
        var larger = scene.Space(new() { HalfWidth = 2 });
        larger.HalfWidth.Should().Be(2);
        larger.Scale.Should().Be(1);
        larger.Near.Should().BeApproximately(4 - 2 * Math.Sqrt(3), 1e-4, "the corners are seen");
        larger.Far.Should().BeApproximately(4 + 2 * Math.Sqrt(3), 1e-4);
        var elsewhere = scene.Space(new() { Center = (0.5, 0, -1), HalfWidth = 0.5, Far = 9 });
        (elsewhere.CenterX, elsewhere.CenterY, elsewhere.CenterZ, elsewhere.HalfWidth, elsewhere.Far).Should().Be((0.5, 0, -1, 0.5, 9));
        elsewhere.Scale.Should().Be(3, "a small cube is seen at the usual size");
        scene.Space(new() { Space = larger }).Should().BeSameAs(larger);
        ((Action)(() => scene.Space(new() { Near = 7 }))).Should().Throw<SignalLoadException>().WithMessage("*depth 7 to 6*--near*");
    }

    [Fact]
    public void Find_WithCubeOfInstantNgp_TakesWhatCutsIntoTheView()
    {
        // p·0.5 + offset lies in a cube of side 2 around ½: half width 2 around (0.5 − offset)/0.5.
        using var scene = new PoseFile(Around(10, 0, 0, 0), """ "aabb_scale": 2, "scale": 0.5, "offset": [0.5, 0.75, 0] """);
        var space = scene.Space();
        (space.CenterX, space.CenterY, space.CenterZ, space.HalfWidth).Should().Be((0, -0.5, 1, 2));
        space.Near.Should().BeInRange(10 - 1.2 - 2 * Math.Sqrt(3), 10 - 2 * Math.Sqrt(3));
        using var usual = new PoseFile(Around(10, 0, 0, 0), """ "aabb_scale": 1 """);
        usual.Space().HalfWidth.Should().BeApproximately(0.5 / 0.33, 1e-12);
        using var box = new PoseFile(Around(10, 0, 0, 0), """ "aabb": [[-1, 0, 1], [1, 4, 3]], "near": 3, "far": 17 """);
        var boxed = box.Space();
        (boxed.CenterX, boxed.CenterY, boxed.CenterZ, boxed.HalfWidth, boxed.Near, boxed.Far).Should().Be((0, 2, 2, 2, 3, 17));
        box.Space(new() { HalfWidth = 1, Near = 5 }).Should().Match<SceneSpace>(s => s.HalfWidth == 1 && s.Near == 5 && s.Far == 17 && s.CenterY == 2);
        using var loaded = box.Load();
        loaded.Notes.Should().BeEmpty();
    }

    [Fact]
    public void Find_WithCubeThatHoldsMoreThanIsSeen_TakesTheViewAndSaysSo()
    {
        using var scene = new PoseFile(Around(10, 0, 0, 0), """ "aabb_scale": 16, "scale": 0.33, "offset": [0.5, 0.5, 0.5] """);
        using var loaded = scene.Load();
        loaded.Space.HalfWidth.Should().BeApproximately(3.75, 1e-4);
        loaded.Notes.Should().ContainSingle().Which.Should().Contain("half width 24.2424");
        using var all = scene.Load(new() { HalfWidth = 24.2424 });
        all.Notes.Should().BeEmpty();
        all.Space.HalfWidth.Should().Be(24.2424);
        // A cube around the cameras, which then see from within; no camera says what lies right before it.
        all.Space.Near.Should().BeApproximately(1, 1e-4);
        all.Space.Far.Should().BeApproximately(10 + 24.2424 * Math.Sqrt(3), 1e-3);
    }

    [Fact]
    public void Find_OfCamerasThatDoNotMeet_AsksForBounds()
    {
        double[][] parallel = [.. Enumerable.Range(0, 5).Select(i => Pose((0, 0, 1), 0.3 * i, 0, 20))];
        using var scene = new PoseFile(parallel);
        ((Action)(() => scene.Space())).Should().Throw<SignalLoadException>().WithMessage("*transforms_train.json*do not look at one place*--near*--centre*--bounds*");
        var space = scene.Space(new() { Near = 5, Far = 15 });
        (space.CenterX, space.CenterY, space.CenterZ).Should().Be((0.6, 0, 10));
        // From inside out: the axes meet behind the cameras.
        using var inside = new PoseFile([.. Around(1, 0, 0, 0).Select(p => (double[])[-p[0], p[1], -p[2], p[3], -p[4], p[5], -p[6], p[7], -p[8], p[9], -p[10], p[11]])]);
        ((Action)(() => inside.Space())).Should().Throw<SignalLoadException>().WithMessage("*do not look at one place*");
        inside.Space(new() { Center = (0, 0, 0), HalfWidth = 8 }).Should().Match<SceneSpace>(s => s.HalfWidth == 8 && s.Near < 1 && s.Far > 8);
    }

    [Fact]
    public void Load_OfOtherPart_LiesInTheSpaceOfThePartToLearnFrom()
    {
        using var scene = new PoseFile(Around(4, 5, 2, 1));
        scene.Write("test", [Pose((0, 0, 1), 5, 2, 4)]);
        using var test = NerfScene.Load(scene.Folder, "test");
        test.Space.Should().Be(scene.Space());
        test.Count.Should().Be(1);
        using var views = test.Views.Poses[0, 0];
        using var position = views.select(1, 3);
        position.data<float>().ToArray().Should().Equal(0, 0, 3);
        test.Cameras[0].Pose[3].Should().Be(5, "cameras stay in the world");
    }

    [Fact]
    public void Orbit_OfASpace_LooksAtItsCube()
    {
        var standard = CameraOrbit.Cameras(SceneSpace.Standard, 3, new ImageSize(40, 60));
        using var poses = CameraOrbit.Poses(3);
        standard.SelectMany(c => c.Pose).Select(v => (float)v).Should().Equal(poses.data<float>().ToArray());
        standard[0].Intrinsics.FocalX.Should().Be(CameraRays.FocalLength(0.6911112, 60));
        var space = new SceneSpace { CenterX = 500, CenterY = 20, CenterZ = -7, HalfWidth = 0.3, Near = 9, Far = 11 };
        foreach (var camera in CameraOrbit.Cameras(space, 5, new ImageSize(40, 60)))
        {
            var (column, row) = camera.Project(500, 20, -7);
            column.Should().BeApproximately(30, 1e-9);
            row.Should().BeApproximately(20, 1e-9);
            double.Hypot(double.Hypot(camera.Pose[3] - 500, camera.Pose[7] - 20), camera.Pose[11] + 7).Should().BeApproximately(10, 1e-9);
            // The cube fills as much of the picture as the standard one, 1.5 at a distance of 4; its top is a little nearer.
            double height = standard[0].Intrinsics.FocalX * 1.5 / 4 * Math.Cos(Math.PI / 6) * 10 / (10 - 0.3 * 0.5);
            camera.Project(500, 20, -7 + 0.3).Row.Should().BeApproximately(20 - height, 1e-9);
        }
    }

    [Fact]
    public void Field_InASpace_KeepsItInItsFile()
    {
        var space = new SceneSpace { CenterX = 5, CenterY = 2, CenterZ = 0.1, HalfWidth = 3, Near = 1, Far = 9, Scale = 0.5 };
        var field = new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 4, ViewDirections = true }).In(space);
        using var representation = new ImplicitRepresentation(field, field.Initialize(), SignalDomain.Scattered(6));
        using var file = new MemoryStream();
        representation.Save(file);
        file.Position = 0;
        using var back = ImplicitRepresentation.Load(file);
        ((NerfMlp)back.Target).Space.Should().Be(space);
        // Files of scenes that need no space stay as they were.
        new NerfMlp().Description.Options.ContainsKey("space").Should().BeFalse();
        new NerfMlp().In(SceneSpace.Standard).Description.Options.ToJsonString().Should().Be(new NerfMlp().Description.Options.ToJsonString());
    }

    [Theory]
    [InlineData("""7""")]
    [InlineData("""{"center": [0, 0], "halfWidth": 1, "near": 1, "far": 2, "scale": 1}""")]
    [InlineData("""{"center": [0, 0, null], "halfWidth": 1, "near": 1, "far": 2, "scale": 1}""")]
    [InlineData("""{"center": [0, 0, 0], "halfWidth": 1, "near": 3, "far": 2, "scale": 1}""")]
    [InlineData("""{"center": [0, 0, 0], "halfWidth": 1, "near": 1, "far": 2, "scale": 0}""")]
    [InlineData("""{"center": [0, 0, 0], "halfWidth": 1, "near": 1, "far": 2, "scale": 1e300}""")]
    [InlineData("""{"center": [0, 0, 0], "halfWidth": 1, "near": 1, "far": 2}""")]
    public void Field_OfHostileSpace_IsRefused(string space)
    {
        var options = (JsonObject)JsonNode.Parse($$"""{"width": 8, "depth": 2, "encodingSize": 4, "space": {{space}}}""")!;
        ((Action)(() => NerfMlp.FromOptions(options))).Should().Throw<Exception>().Which.Should().Match(e =>
            e is FormatException || e is InvalidOperationException || e is Microsoft.Extensions.Options.OptionsValidationException);
    }

    private static double[][] Around(double distance, double x, double y, double z)
    {
        using var poses = CameraOrbit.Poses(7, 1);
        float[] values = poses.data<float>().ToArray();
        return [.. Enumerable.Range(0, 7).Select(i => Pose((values[12 * i + 2], values[12 * i + 6], values[12 * i + 10]), x, y, z, distance))];
    }

    // A camera at a distance from a point, which looks at it along −backward.
    private static double[] Pose((double X, double Y, double Z) backward, double x, double y, double z, double distance = 0)
    {
        double flat = double.Hypot(backward.X, backward.Y);
        double[] right = flat > 0 ? [-backward.Y / flat, backward.X / flat, 0] : [1, 0, 0];
        double[] b = [backward.X, backward.Y, backward.Z];
        double length = Math.Sqrt(b.Sum(v => v * v));
        b = [.. b.Select(v => v / length)];
        double[] up = [b[1] * right[2] - b[2] * right[1], b[2] * right[0] - b[0] * right[2], b[0] * right[1] - b[1] * right[0]];
        double[] at = [x, y, z];
        return [.. Enumerable.Range(0, 3).SelectMany(i => (double[])[right[i], up[i], b[i], at[i] + distance * b[i]])];
    }
}
