using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Tests.ViewSynthesis;

/// <summary>One small scene as files of several kinds describe it: all of them are fitted about as well as the plain one.</summary>
/// <remarks>fixtures/scenes holds 12 views of 48 pixels to learn from and 4 to judge on; the field here is small, and so is the fit.</remarks>
public sealed class SceneFixtureTests
{
    private const int Size = 24;

    [Theory]
    [InlineData("blender", 24, 24)]
    [InlineData("focal-only", 24, 24)]
    [InlineData("wide", 24, 12)]
    [InlineData("shifted", 24, 24)]
    [InlineData("off-centre", 24, 24)]
    [InlineData("dots-in-names", 24, 24)]
    public void Fit_OfSceneOfAnyKind_SeesWhatTheCamerasSaw(string name, int width, int height)
    {
        using var training = NerfScene.Load(Folder(name), "train", Size);
        using var test = NerfScene.Load(Folder(name), "test", Size);
        training.Count.Should().Be(12);
        training.Skipped.Should().BeEmpty();
        (training.Views.Width, training.Views.Height).Should().Be((width, height));
        using var result = Fitter().Fit(training, test);
        // White pictures are 11 dB away, a camera that is off by a fifth of the picture 13 to 17.
        result.HeldOutPsnr.Should().BeGreaterThan(22);
        // A file of the field renders from cameras of the world, and from the same cameras in another size.
        var camera = test.Cameras[0];
        using var picture = Fitter().Render(result.Representation, [camera]).Single();
        using var truth = test.Views.Images[0, 0];
        Psnr.Of(truth, picture).Should().BeApproximately(result.HeldOutPsnrs[0], 0.5);
        using var larger = Fitter().Render(result.Representation, [camera with { Intrinsics = camera.Intrinsics.Resized(new ImageSize(2 * height, 2 * width)) }]).Single();
        larger.shape.Should().Equal(2 * height, 2 * width, 3);
    }

    [Fact]
    public void Load_OfPlainScene_KeepsTheStandardSpace()
    {
        using var scene = NerfScene.Load(Folder("blender"));
        scene.Space.Should().Be(SceneSpace.Standard);
        using var same = NerfScene.Load(Folder("shifted"));
        same.Space.Should().Be(SceneSpace.Standard);
        using var moved = NerfScene.Load(Folder("off-centre"));
        moved.Space.Should().Be(SceneSpace.Standard with { CentreX = 5, CentreY = 2, CentreZ = 1 });
    }

    [Fact]
    public void Load_OfInstantNgp_HoldsViewsOutAndTakesItsCube()
    {
        using var scene = NerfScene.Load(Folder("ngp"), "train", Size);
        scene.Count.Should().Be(12);
        scene.Unused.Should().BeEmpty();
        scene.Space.HalfWidth.Should().BeApproximately(2 / 0.33, 1e-9);
        var (training, heldOut) = scene.HoldOut();
        using (training)
        using (heldOut)
        {
            (training.Count, heldOut.Count).Should().Be((10, 2));
            heldOut.Space.Should().Be(scene.Space);
            heldOut.Names.Should().Equal("./images/0000.jpg", "./images/0008.jpg");
        }
    }

    [Fact]
    public void Fit_WhereNothingIsSeen_SaysWhereItLooked()
    {
        using var training = NerfScene.Load(Folder("blender"), "train", new NerfSceneOptions { Size = ImageSize.Square(Size), Centre = (40, 0, 0), HalfWidth = 1 });
        ((Action)(() => Fitter().Fit(training).Dispose())).Should().Throw<ArgumentException>().WithMessage("*half width 1 around (40, 0, 0)*--near*--bounds*");
        using var other = NerfScene.Load(Folder("blender"), "test", Size);
        ((Action)(() => Fitter().Fit(training, other).Dispose())).Should().Throw<ArgumentException>().WithMessage("*different spaces*");
    }

    private static NerfSceneFitter Fitter() => new(new NerfMlp(new NerfMlpOptions { Width = 48, Depth = 3, EncodingSize = 10 }), new NerfFitOptions
    {
        Steps = 150,
        PointsPerStep = 8_192,
        LearningRate = 1e-2,
        GridResolution = 48,
        GridFrom = 50,
        GridEvery = 32,
        PointsPerRay = 64,
    });

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", "scenes", name);
}
