using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>One small scene as files of several kinds describe it: all of them are fitted about as well as the plain one.</summary>
/// <remarks>fixtures/scenes holds 12 views of 48 pixels to learn from and 4 to judge on; the field here is small, and so is the fit.</remarks>
public sealed class SceneFixtureTests
{
    private const int Size = 24;

    [Theory]
    [InlineData("blender", 24, 24)]
    [InlineData("wide", 24, 12)]
    [InlineData("shifted", 24, 24)]
    public void Fit_OfSceneOfAnyKind_SeesWhatTheCamerasSaw(string name, int width, int height)
    {
        using var training = NerfScene.Load(Folder(name), "train", Size);
        using var test = NerfScene.Load(Folder(name), "test", Size);
        training.Count.Should().Be(12);
        training.Skipped.Should().BeEmpty();
        (training.Views.Width, training.Views.Height).Should().Be((width, height));
        using var result = Fitter().Fit(training, test);
        // White pictures are 11 dB away, a camera that is off by a fifth of the picture 13 to 17.
        result.HeldOutPsnr.Should().BeGreaterThan(20);
        // Cameras of the world see what the same rays see in the units of the field.
        var camera = test.Cameras[0];
        using var picture = Fitter().Render(result.Representation, [camera]).Single();
        using (NewDisposeScope())
        {
            var field = result.Representation;
            using var generator = new Generator(0);
            using var grid = new OccupancyGrid(1.5, 48);
            for (int look = 0; look < 4; look++)
                grid.Update(field.Target, field.Parameters, generator);
            var rays = test.Views.Rays();
            var renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = 64 });
            var along = renderer.RenderImage(field.Target, field.Parameters, new CameraRays(rays.Origins[0, 0], rays.Directions[0, 0]), grid: grid);
            Close.ShouldBeClose(picture, along, 1e-4);
        }

        using var larger = Fitter().Render(result.Representation, [camera with { Intrinsics = camera.Intrinsics.Resized(new ImageSize(2 * height, 2 * width)) }]).Single();
        larger.shape.Should().Equal(2 * height, 2 * width, 3);
    }

    // Other words for the same cameras and pictures: the same fit.
    [Theory]
    [InlineData("focal-only")]
    [InlineData("off-centre")]
    [InlineData("dots-in-names")]
    public void Load_OfTheSameSceneInOtherWords_GivesTheSameViews(string name)
    {
        foreach (string split in (string[])["train", "test"])
        {
            using var plain = NerfScene.Load(Folder("blender"), split, Size);
            using var other = NerfScene.Load(Folder(name), split, Size);
            other.Skipped.Should().BeEmpty();
            Close.ShouldBeSame(other.Views.Images, plain.Views.Images);
            Close.ShouldBeSame(other.Opacity, plain.Opacity);
            Close.ShouldBeClose(other.Views.Poses, plain.Views.Poses, 1e-6);
            Close.ShouldBeClose(other.Views.Focals, plain.Views.Focals, 1e-6);
            Close.ShouldBeSame(other.Views.Centers, plain.Views.Centers);
            (other.Space with { CenterX = 0, CenterY = 0, CenterZ = 0 }).Should().Be(SceneSpace.Standard);
        }
    }

    [Fact]
    public void Load_OfPlainScene_KeepsTheStandardSpace()
    {
        using var scene = NerfScene.Load(Folder("blender"));
        scene.Space.Should().Be(SceneSpace.Standard);
        using var same = NerfScene.Load(Folder("shifted"));
        same.Space.Should().Be(SceneSpace.Standard);
        using var moved = NerfScene.Load(Folder("off-centre"));
        moved.Space.Should().Be(SceneSpace.Standard with { CenterX = 5, CenterY = 2, CenterZ = 1 });
    }

    [Fact]
    public void Load_OfInstantNgp_HoldsViewsOutAndSaysThatItsCubeIsLarge()
    {
        using var scene = NerfScene.Load(Folder("ngp"), "train", Size);
        scene.Count.Should().Be(12);
        scene.Space.Should().Be(SceneSpace.Standard);
        scene.Notes.Should().ContainSingle().Which.Should().Contain("half width 6.0606").And.Contain("--bounds 6.0606");
        var (training, heldOut) = scene.HoldOut();
        using (training)
        using (heldOut)
        {
            (training.Count, heldOut.Count).Should().Be((10, 2));
            heldOut.Space.Should().Be(scene.Space);
            heldOut.Notes.Should().Equal(scene.Notes);
            heldOut.Names.Should().Equal("./images/0000.jpg", "./images/0008.jpg");
        }
    }

    [Fact]
    public void Fit_WhereNothingIsSeen_SaysWhereItLooked()
    {
        using var training = NerfScene.Load(Folder("blender"), "train", new NerfSceneOptions { Size = ImageSize.Square(Size), Center = (40, 0, 0), HalfWidth = 1 });
        ((Action)(() => Fitter().Fit(training).Dispose())).Should().Throw<ArgumentException>().WithMessage("*half width 1 around (40, 0, 0)*--near*--bounds*");
        using var other = NerfScene.Load(Folder("blender"), "test", Size);
        ((Action)(() => Fitter().Fit(training, other).Dispose())).Should().Throw<ArgumentException>().WithMessage("*different spaces*");
    }

    [Fact]
    public void Fit_BesideTheScene_IsNoPerfectFitOfNothing()
    {
        // Rays meet the standard cube, and all that they see there is background.
        using var training = NerfScene.Load(Folder("off-centre"), "train", new NerfSceneOptions { Size = ImageSize.Square(Size), Space = SceneSpace.Standard });
        ((Action)(() => Fitter().Fit(training).Dispose())).Should().Throw<ArgumentException>().WithMessage("*pixels that show something*half width 1.5 around (0, 0, 0), depth 2 to 6*--centre*");
    }

    [Fact]
    public void Fit_WhereNextToNothingIsSeen_SaysHowMuch()
    {
        // A cube of a twentieth of the scene: a pixel of some views.
        using var training = NerfScene.Load(Folder("blender"), "train", new NerfSceneOptions { Size = ImageSize.Square(Size), Center = (0.05, 0.02, 0.03), HalfWidth = 0.04 });
        ((Action)(() => Fitter().Fit(training).Dispose())).Should().Throw<ArgumentException>().WithMessage("Of the * pixels that show something, * look into*").Which.Message.Should().NotContain("something, 0 look");
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
