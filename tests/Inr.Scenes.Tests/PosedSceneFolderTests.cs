using Inr.Meta;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>A folder of scenes, with a split file, and with scenes that cannot be read.</summary>
public sealed class PosedSceneFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inr-scenes-").FullName;

    public PosedSceneFolderTests()
    {
        foreach (string name in (string[])["b", "a"])
            Directory.Move(new SceneFolder(3).Path, Path.Combine(_folder, name));
        // The other name of the file of poses.
        File.Move(Path.Combine(_folder, "b", "transforms_train.json"), Path.Combine(_folder, "b", "transforms.json"));
        Directory.CreateDirectory(Path.Combine(_folder, "notes"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_OfFolder_ListsScenesInOrder()
    {
        var scenes = PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { Size = 8, Views = 2 });
        Enumerable.Range(0, scenes.Count).Select(scenes.GetName).Should().Equal("a", "b");
        using var scene = scenes.Load(1);
        using var views = NerfScene.Load(Path.Combine(_folder, "a"), size: 8, limit: 2);
        using var expected = SceneSignal.Of(views.Views);
        scene.SampleCount.Should().Be(2 * 8 * 8);
        scene.Values.shape.Should().Equal(expected.Values.shape);
        using var same = scene.Coordinates.eq(expected.Coordinates);
        same.all().item<bool>().Should().BeTrue("both scenes have the same cameras");
    }

    [Fact]
    public void Open_WithSplit_ListsThePart()
    {
        string split = Path.Combine(_folder, "splits.json");
        File.WriteAllText(split, """{"train": ["b"], "test": ["a"], "bad": ["../a"]}""");
        PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { SplitFile = split, Split = "test" }).GetName(0).Should().Be("a");
        ((Action)(() => PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { SplitFile = split, Split = "val" }))).Should().Throw<SignalLoadException>().WithMessage("*no part 'val'*train, test*");
        ((Action)(() => PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { SplitFile = split, Split = "bad" }))).Should().Throw<SignalLoadException>().WithMessage("*'../a'*");
        File.WriteAllText(split, "[");
        ((Action)(() => PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { SplitFile = split }))).Should().Throw<SignalLoadException>();
        ((Action)(() => PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { SplitFile = split + "x" }))).Should().Throw<SignalLoadException>();
    }

    [Fact]
    public void Load_OfSceneWithTooFewViews_NamesThePicture()
    {
        File.Delete(Path.Combine(_folder, "a", "train", "r_1.png"));
        var scenes = PosedSceneFolder.Open(_folder, new PosedSceneFolderOptions { Views = 3 });
        ((Action)(() => scenes.Load(0).Dispose())).Should().Throw<SignalLoadException>().WithMessage("*2 views*3 are needed*r_1*");
        using var whole = scenes.Load(1);
        whole.SampleCount.Should().Be(3 * 16 * 16);
        ((Action)(() => PosedSceneFolder.Open(Path.Combine(_folder, "notes")))).Should().Throw<SignalLoadException>().WithMessage("*transforms.json*");
        ((Action)(() => PosedSceneFolder.Open(Path.Combine(_folder, "none")))).Should().Throw<SignalLoadException>().WithMessage("*no such folder*");
    }
}
