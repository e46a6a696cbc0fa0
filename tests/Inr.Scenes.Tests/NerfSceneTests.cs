using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Reading a scene, with good and bad files, and fitting a field to it.</summary>
public sealed class NerfSceneTests
{
    [Fact]
    public void Load_OfFolder_ReadsViewsAndCameras()
    {
        using var folder = new SceneFolder(4);
        NerfScene.IsScene(folder.Path).Should().BeTrue();
        using var scene = NerfScene.Load(folder.Path);
        scene.Count.Should().Be(4);
        scene.Skipped.Should().BeEmpty();
        scene.Views.Images.shape.Should().Equal(1, 4, 16, 16, 3);
        using var _ = NewDisposeScope();
        var rays = scene.Views.Rays();
        rays.Origins[0, 1, 0, 0].data<float>().ToArray().Should().BeEquivalentTo([4f, 0f, 0f], o => o.Using<float>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-5f)).WhenTypeIs<float>());
        using var small = NerfScene.Load(folder.Path, size: 8, limit: 2);
        small.Views.Images.shape.Should().Equal(1, 2, 8, 8, 3);
        Close.ShouldBeClose(small.Views.Focals, scene.Views.Focals.narrow(1, 0, 2) / 2, 1e-6);
    }

    [Fact]
    public void Load_WithBrokenPictures_SkipsThemByName()
    {
        using var folder = new SceneFolder(4);
        File.WriteAllBytes(folder.Picture(1), [1, 2, 3]);
        File.Delete(folder.Picture(2));
        using var scene = NerfScene.Load(folder.Path);
        scene.Names.Should().Equal("./train/r_0", "./train/r_3");
        scene.Skipped.Select(s => s.Name).Should().Equal("./train/r_1", "./train/r_2");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("""{"camera_angle_x": 4, "frames": []}""")]
    [InlineData("""{"camera_angle_x": 0.7, "frames": []}""")]
    [InlineData("""{"camera_angle_x": 0.7, "frames": [{"file_path": "a", "transform_matrix": [[1]]}]}""")]
    [InlineData("""{"camera_angle_x": 0.7, "frames": [{"file_path": "../../etc/hostname", "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}""")]
    public void Load_OfBadTransforms_SaysWhatIsWrong(string json)
    {
        using var folder = new SceneFolder(1);
        File.WriteAllText(Path.Combine(folder.Path, "transforms_train.json"), json);
        ((Action)(() => NerfScene.Load(folder.Path).Dispose())).Should().Throw<SignalLoadException>().WithMessage("*transforms_train.json*");
    }

    [Fact]
    public void Load_OfMissingPart_SaysWhichFile()
    {
        using var folder = new SceneFolder(1);
        ((Action)(() => NerfScene.Load(folder.Path, "test").Dispose())).Should().Throw<SignalLoadException>().WithMessage("*transforms_test.json*");
    }

    [Fact]
    public void Load_OfPicturesWithAlpha_KeepsOpacityBesideColorsOverWhite()
    {
        using var folder = new SceneFolder(3, transparent: true);
        using var scene = NerfScene.Load(folder.Path);
        using var _ = NewDisposeScope();
        scene.Opacity.shape.Should().Equal(3, 16, 16);
        scene.Opacity[0, 8, 8].item<float>().Should().Be(1);
        scene.Opacity[0, 0, 0].item<float>().Should().Be(0);
        scene.Views.Images[0, 0, 0, 0].eq(1).all().item<bool>().Should().BeTrue();
        using var opaque = new SceneFolder(3);
        using var other = NerfScene.Load(opaque.Path);
        other.Opacity.eq(1).all().item<bool>().Should().BeTrue("a picture without alpha is opaque");
    }

    [Fact]
    public void HoldOut_EveryThird_SplitsViewsWithTheirNames()
    {
        using var folder = new SceneFolder(7);
        using var scene = NerfScene.Load(folder.Path);
        var (rest, heldOut) = scene.HoldOut(3);
        using (rest)
        using (heldOut)
        {
            heldOut.Names.Should().Equal("./train/r_0", "./train/r_3", "./train/r_6");
            rest.Names.Should().Equal("./train/r_1", "./train/r_2", "./train/r_4", "./train/r_5");
            using var _ = NewDisposeScope();
            Close.ShouldBeSame(rest.Views.Poses[0, 2], scene.Views.Poses[0, 4]);
            Close.ShouldBeSame(heldOut.Views.Images[0, 1], scene.Views.Images[0, 3]);
        }

        using var single = new SceneFolder(1);
        using var one = NerfScene.Load(single.Path);
        ((Action)(() => one.HoldOut())).Should().Throw<ArgumentException>().WithMessage("*needs 2*");
    }

    [Fact]
    public void Orbit_OfFourCameras_LooksAtTheMiddleFromAbove()
    {
        using var scope = NewDisposeScope();
        var poses = CameraOrbit.Poses(4, radius: 2, elevation: 0.3);
        var rotation = poses.narrow(2, 0, 3);
        Close.ShouldBeClose(rotation.transpose(1, 2).bmm(rotation), eye(3).expand(4, 3, 3), 1e-6, "columns are orthonormal");
        Close.ShouldBeClose(poses.select(2, 3), poses.select(2, 2) * 2, 1e-6, "the eye looks back at the middle");
        Close.ShouldBeClose(poses.select(2, 3).select(1, 2), full([4], (float)(2 * Math.Sin(0.3))), 1e-6);
        poses.select(2, 1).select(1, 2).gt(0).all().item<bool>().Should().BeTrue("up is up");
        poses[0, 1, 3].item<float>().Should().BeLessThan(0, "the first camera lies towards −y");
        // A right-handed frame: right × up = backward.
        var cross = linalg.cross(poses.select(2, 0), poses.select(2, 1));
        Close.ShouldBeClose(cross, poses.select(2, 2), 1e-6);
    }

    [Fact]
    public void Fit_WithViewDirections_LearnsAndRenders()
    {
        using var folder = new SceneFolder(4, transparent: true);
        using var scene = NerfScene.Load(folder.Path);
        var fitter = new NerfSceneFitter(new NerfMlp(new NerfMlpOptions { Width = 32, Depth = 3, EncodingSize = 6, ViewDirections = true }), new NerfFitOptions
        {
            Steps = 250,
            PointsPerStep = 4096,
            LearningRate = 1e-2,
            GridFrom = 60,
            GridResolution = 32,
            PointsPerRay = 24,
        });
        using var result = fitter.Fit(scene, scene);
        // All white is 7 dB away from these pictures.
        result.HeldOutPsnr.Should().BeGreaterThan(13);
        result.Representation.Domain.Dimension.Should().Be(6);
    }

    [Fact]
    public void Carve_OfBall_KeepsTheBallAndEmptiesWhatViewsSeeThrough()
    {
        using var folder = new SceneFolder(12, transparent: true, size: 64);
        using var scene = NerfScene.Load(folder.Path);
        using var grid = new OccupancyGrid(1.5, 32);
        grid.Carve(scene);
        using var _ = NewDisposeScope();
        var points = (rand([4000, 3], generator: new Generator(2)) - 0.5) * 3;
        var radius = points.square().sum(-1).sqrt();
        var kept = grid.Contains(points);
        kept.masked_select(radius.lt(0.8)).all().item<bool>().Should().BeTrue("the ball itself is in every silhouette");
        // Corners of the cube that no view sees, or that always lie behind or before the ball, stay in.
        grid.OccupiedFraction.Should().BeLessThan(0.85);

        using var opaque = new SceneFolder(2);
        using var other = NerfScene.Load(opaque.Path);
        using var whole = new OccupancyGrid(1.5, 16);
        whole.Carve(other);
        whole.OccupiedFraction.Should().Be(1);
    }

    // The ball's edge, at a fifth of the depth, moves by two to three of 64 pixels; inwards and outwards.
    public static TheoryData<LensDistortion> StrongLenses => [
        new LensDistortion { K1 = -4, K2 = 8, P1 = 0.01, P2 = -0.015 },
        new LensDistortion { K1 = 2, K2 = 0.5 },
        new LensDistortion { K1 = -3, K2 = 6, IsFisheye = true },
    ];

    [Theory]
    [MemberData(nameof(StrongLenses))]
    public void Carve_ThroughLens_KeepsTheBallAndEmptiesTheRest(LensDistortion lens)
    {
        using var folder = new SceneFolder(12, transparent: true, size: 64, lens: lens);
        using var scene = NerfScene.Load(folder.Path);
        using var grid = new OccupancyGrid(1.5, 32);
        grid.Carve(scene);
        using var _ = NewDisposeScope();
        var points = (rand([4000, 3], generator: new Generator(2)) - 0.5) * 3;
        var radius = points.square().sum(-1).sqrt();
        grid.Contains(points).masked_select(radius.lt(0.8)).all().item<bool>().Should().BeTrue("the ball itself is in every silhouette");
        // A seventh of the cube without a lens; one that narrows the view sees less of the rest.
        grid.OccupiedFraction.Should().BeLessThan(0.65);
    }

    [Fact]
    public void Fit_OfBall_RendersViewsItSaw()
    {
        using var folder = new SceneFolder(8);
        using var scene = NerfScene.Load(folder.Path);
        var fitter = new NerfSceneFitter(new NerfMlp(new NerfMlpOptions { Width = 32, Depth = 3, EncodingSize = 6 }), new NerfFitOptions
        {
            Steps = 250,
            PointsPerStep = 8192,
            LearningRate = 1e-2,
            GridFrom = 100,
            GridResolution = 32,
            PointsPerRay = 24,
        });
        long before = LiveTensors.Count;
        using (var result = fitter.Fit(scene, scene))
        {
            // All white is 7 dB away from these pictures.
            result.HeldOutPsnr.Should().BeGreaterThan(18);
            result.HeldOutPsnrs.Should().HaveCount(8);
            result.OccupiedFraction.Should().BeInRange(0.02, 0.9);
            using var poses = scene.Views.Poses[0];
            using var focals = scene.Views.Focals[0];
            var pictures = fitter.Render(result.Representation, poses, focals, 16, 16).ToArray();
            pictures.Should().HaveCount(8);
            for (int view = 0; view < pictures.Length; view++)
            {
                using var scope = NewDisposeScope();
                Psnr.Of(scene.Views.Images[0, view], pictures[view]).Should().BeApproximately(result.HeldOutPsnrs[view], 0.5, "a file needs no grid of its own");
                pictures[view].Dispose();
            }
        }

        LiveTensors.Count.Should().Be(before);
    }

    [Fact]
    public void Fit_ThatEmptiesTheScene_SaysSoInsteadOfEndingTheProcess()
    {
        using var folder = new SceneFolder(2);
        using var scene = NerfScene.Load(folder.Path);
        var fitter = new NerfSceneFitter(new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 2 }), new NerfFitOptions
        {
            Steps = 200,
            RaysPerStep = 64,
            LearningRate = 100,
            GridFrom = 50,
            GridEvery = 10,
            ReportEvery = 1,
            PointsPerRay = 8,
        });
        ((Action)(() => fitter.Fit(scene).Dispose())).Should().Throw<DivergedException>().WithMessage("*Lower the learning rate*");
    }

    [Fact]
    public void Fit_Cancelled_ReturnsStateSoFar()
    {
        using var folder = new SceneFolder(2);
        using var scene = NerfScene.Load(folder.Path);
        using var source = new CancellationTokenSource();
        source.Cancel();
        using var result = new NerfSceneFitter().Fit(scene, scene, cancellationToken: source.Token);
        result.Status.Should().Be(FitStatus.Cancelled);
        result.Steps.Should().Be(0);
        result.HeldOutPsnrs.Should().BeEmpty("nothing is judged after a cancellation");
        result.HeldOutPsnr.Should().BeNull();
    }

    [Fact]
    public void Render_Cancelled_EndsWithinAPicture()
    {
        using var representation = new ImplicitRepresentation(new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 2 }), new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 2 }).Initialize(), SignalDomain.Scattered(3));
        using var source = new CancellationTokenSource();
        var cameras = CameraOrbit.Cameras(SceneSpace.Standard, 1, new ImageSize(64, 64));
        using var pictures = new NerfSceneFitter().Render(representation, cameras, source.Token).GetEnumerator();
        source.Cancel();
        ((Action)(() => pictures.MoveNext())).Should().Throw<OperationCanceledException>();
        // Between two pieces of one picture.
        var stopped = new CancellationToken(canceled: true);
        using var scope = NewDisposeScope();
        ((Action)(() => new VolumeRenderer().RenderImage(representation.Target, representation.Parameters, new CameraRays(zeros(8, 3), ones(8, 3)), cancellationToken: stopped))).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void HeldOutPsnr_OfViewsOfBackground_IsThatOfTheOthers()
    {
        using var representation = new ImplicitRepresentation(new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 2 }), new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 2 }).Initialize(), SignalDomain.Scattered(3));
        NerfFitResult Of(params double[] psnrs) => new() { Representation = representation, Status = FitStatus.Completed, Steps = 1, Loss = 0, Elapsed = TimeSpan.Zero, HeldOutPsnrs = psnrs, OccupiedFraction = 1 };
        Of(20, double.PositiveInfinity, 30).HeldOutPsnr.Should().Be(25);
        Of(double.PositiveInfinity).HeldOutPsnr.Should().BeNull();
        Of().HeldOutPsnr.Should().BeNull();
    }
}
