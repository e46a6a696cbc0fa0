using System.Diagnostics;
using System.Text;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>Files of poses and of parts that mean harm, or were damaged: one exception that says what is wrong on one line, at once.</summary>
public sealed class HostileSceneTests
{
    private const string Pose = "[[1,0,0,0],[0,1,0,0],[0,0,1,4]]";

    [Theory]
    [InlineData("transforms_train.json")]
    [InlineData("transforms.json")]
    [InlineData("grey.png")]
    [InlineData("parts.json")]
    public async Task Load_OfPipe_IsRefusedWithoutWaiting(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var file = PoseFile.Of(""" "fl_x": 20 """);
        string path = Path.Combine(file.Folder, name);
        File.Delete(path);
        if (name == "transforms.json")
            File.Delete(Path.Combine(file.Folder, "transforms_train.json"));
        Process.Start("mkfifo", [path])!.WaitForExit();
        Action load = name == "parts.json"
            ? () => PosedSceneFolder.Open(file.Folder, new PosedSceneFolderOptions { SplitFile = path })
            : () => NerfScene.Load(file.Folder, name == "transforms.json" ? "test" : "train").Dispose();
        if (name == "transforms.json")
            load = () => NerfScene.HasSplit(file.Folder, "test");
        var reading = Task.Run(() => load.Should().Throw<SignalLoadException>().WithMessage("*pipe or a device*"));
        (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(20)))).Should().BeSameAs(reading, "nothing waits for a writer");
        await reading;
    }

    [Theory]
    // A name with half a character, as a value, as a name, in the list of a part; NUL and control characters; long names.
    [InlineData("""{ "frames": [ { "file_path": "\ud800", "transform_matrix": POSE } ], "fl_x": 1 }""")]
    [InlineData("""{ "\udc00": 1, "frames": [ { "file_path": "grey", "transform_matrix": POSE } ], "fl_x": 1 }""")]
    [InlineData("""{ "test_filenames": ["\ud800"], "frames": [ { "file_path": "grey", "transform_matrix": POSE } ], "fl_x": 1 }""")]
    [InlineData("""{ "frames": [ { "file_path": "\u0000", "transform_matrix": POSE } ], "fl_x": 1 }""")]
    [InlineData("""{ "frames": [ { "file_path": "a\u001b[2Jb\nc", "transform_matrix": POSE } ], "fl_x": 1 }""")]
    [InlineData("""{ "frames": [ { "file_path": "LONG", "transform_matrix": POSE } ], "fl_x": 1 }""")]
    [InlineData("""{ "frames": [ { "file_path": "grey", "transform_matrix": POSE } ], "fl_x": 1, "camera_model": "LONG" }""")]
    [InlineData("""{ "frames": [ { "file_path": "grey", "transform_matrix": POSE } ], "fl_x": "LONG" }""")]
    [InlineData("""{ "frames": [ { "file_path": "grey", "transform_matrix": "LONG" } ], "fl_x": 1 }""")]
    [InlineData("""{ "frames": [ { "file_path": "grey", "transform_matrix": POSE, "LONG": 1 } ], "fl_x": 1e999 }""")]
    [InlineData("""{ "frames": { "length": 1 }, "fl_x": 1 }""")]
    [InlineData("""{ "frames": [ 1 ], "fl_x": 1 }""")]
    [InlineData("DEEP")]
    [InlineData("""{ "LONG """)]
    [InlineData("NaN")]
    [InlineData("null")]
    public void Load_OfHostileJson_IsOneLine(string json)
    {
        using var file = PoseFile.Of(""" "fl_x": 20 """);
        string text = json.Replace("POSE", Pose, StringComparison.Ordinal).Replace("LONG", new string('x', 100_000), StringComparison.Ordinal).Replace("DEEP", new string('[', 100_000), StringComparison.Ordinal);
        foreach (string name in (string[])["transforms_train.json", "transforms.json"])
        {
            file.WriteText(name, text);
            ShouldBeOneLine(() => file.Load().Dispose());
            ShouldBeOneLine(() => SceneCamera.Read(Path.Combine(file.Folder, name)), mayPass: true);
            ShouldBeOneLine(() => NerfScene.HasSplit(file.Folder, "test"), mayPass: true);
            File.Delete(Path.Combine(file.Folder, name));
        }
    }

    [Theory]
    [InlineData("""{ "train": ["a\u0000b"] }""", "'a?b'*no name of a folder")]
    [InlineData("""{ "train": ["..", "a"] }""", "'..'*no name of a folder")]
    [InlineData("""{ "train": ["a/b"] }""", "'a/b'*no name of a folder")]
    [InlineData("""{ "train": ["\ud800"] }""", "")]
    [InlineData("""{ "train": [1] }""", "no list of texts")]
    [InlineData("""{ "train": { "a": 1 } }""", "no list of texts")]
    [InlineData("""{ "train": null, "LONG\n": [] }""", "no part 'train'")]
    [InlineData("""["train"]""", "no JSON object")]
    [InlineData("""{ "train": ["a" """, "")]
    public void Open_OfHostileParts_IsOneLine(string json, string reason)
    {
        using var file = PoseFile.Of(""" "fl_x": 20 """);
        file.WriteText("parts.json", json.Replace("LONG", new string('x', 100_000), StringComparison.Ordinal));
        ShouldBeOneLine(() => PosedSceneFolder.Open(file.Folder, new PosedSceneFolderOptions { SplitFile = Path.Combine(file.Folder, "parts.json") }), reason: reason);
    }

    [Fact]
    public void Load_OfOnePictureUnderManyPoses_SaysSo_AndRefusesMany()
    {
        string Frames(int count) => $$"""{ "fl_x": 20, "frames": [{{string.Join(',', Enumerable.Repeat($$"""{ "file_path": "./grey", "transform_matrix": {{Pose}} }""", count))}}] }""";
        using var file = PoseFile.Of(""" "fl_x": 20 """);
        file.WriteText("transforms_train.json", Frames(3));
        using (var scene = file.Load())
            scene.Notes.Should().ContainSingle().Which.Should().Contain("'grey' has 3 poses");
        // A small file must not ask for any amount of memory.
        file.WriteText("transforms_train.json", Frames(5_000));
        ((Action)(() => file.Load().Dispose())).Should().Throw<SignalLoadException>().WithMessage("*'grey' 5000 times*");
    }

    [Fact]
    public void Load_OfDamagedBytes_NeverThrowsAnythingElse()
    {
        using var file = PoseFile.Of(""" "fl_x": 20, "w": 8, "h": 8, "k1": 0.01, "aabb_scale": 4, "offset": [0.5, 0.5, 0.5], "test_filenames": ["a"] """);
        string path = Path.Combine(file.Folder, "transforms_train.json");
        byte[] sound = File.ReadAllBytes(path);
        var random = new Random(1);
        byte[] alphabet = Encoding.ASCII.GetBytes("{}[]\",:-0123456789.eE\\u\0 \n");
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = (byte[])sound.Clone();
            for (int k = random.Next(1, 4); k > 0; k--)
                damaged[random.Next(damaged.Length)] = random.Next(4) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            File.WriteAllBytes(path, damaged[..random.Next(damaged.Length / 2, damaged.Length + 1)]);
            ShouldBeOneLine(() => SceneCamera.Read(path), mayPass: true);
        }
    }

    [Fact]
    public void Load_Cancelled_EndsBetweenPictures()
    {
        using var file = PoseFile.Of(""" "fl_x": 20 """);
        using var source = new CancellationTokenSource();
        source.Cancel();
        ((Action)(() => NerfScene.Load(file.Folder, "train", new NerfSceneOptions(), source.Token).Dispose())).Should().Throw<OperationCanceledException>();
    }

    private static void ShouldBeOneLine(Action read, bool mayPass = false, string reason = "")
    {
        try
        {
            read();
            mayPass.Should().BeTrue("the file is damaged");
        }
        catch (SignalLoadException e)
        {
            e.Message.Should().NotContainAny("\n", "\r", "\u001b", "\0").And.Match($"*{reason}*");
            e.Message.Length.Should().BeLessThan(1_500);
        }
    }
}
