using System.Globalization;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;

namespace Inr.Tests.Scenes;

/// <summary>A folder with a file of poses that is written by hand; all frames show a grey picture.</summary>
internal sealed class PoseFile : IDisposable
{
    private readonly string _head;

    public PoseFile(double[][] poses, string? head = null, int width = 8, int height = 8)
    {
        _head = head is null ? "" : head + ",";
        Folder = Directory.CreateTempSubdirectory("inr-poses-").FullName;
        Picture("grey.png", width, height);
        Write("train", poses);
    }

    public string Folder { get; }

    /// <summary>Three cameras around the origin whose frames have further fields.</summary>
    public static PoseFile Of(string head, string frame = "", int width = 8, int height = 8)
    {
        var file = new PoseFile([], head, width, height);
        file.WriteText("transforms_train.json", $$"""{ {{head}} {{(head.Length > 0 ? "," : "")}} "frames": [ { "file_path": "grey" {{(frame.Length > 0 ? "," : "")}} {{frame}}, "transform_matrix": [[1,0,0,0],[0,1,0,0],[0,0,1,4],[0,0,0,1]] } ] }""");
        return file;
    }

    public static string Json(double[] pose) =>
        "[" + string.Join(',', Enumerable.Range(0, 3).Select(row => "[" + string.Join(',', pose[(4 * row)..(4 * row + 4)].Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + "]")) + ",[0,0,0,1]]";

    public void Write(string split, double[][] poses)
    {
        for (int i = 1; i < poses.Length; i++)
            File.Copy(Path.Combine(Folder, "grey.png"), Path.Combine(Folder, Name(i) + ".png"), overwrite: true);
        WriteText($"transforms_{split}.json",
            $$"""{ {{_head}} "camera_angle_x": 0.7, "frames": [{{string.Join(',', poses.Select((p, i) => $$"""{ "file_path": "{{Name(i)}}", "transform_matrix": {{Json(p)}} }"""))}}] }""");
        static string Name(int i) => i == 0 ? "grey" : string.Create(CultureInfo.InvariantCulture, $"grey{i}");
    }

    public void WriteText(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public void Picture(string name, int width, int height)
    {
        using var values = full([width * height, 3], 0.5f);
        using var picture = Signal.FromGrid(values, [height, width]);
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        picture.SavePng(path + ".tmp.png");
        File.Move(path + ".tmp.png", path, overwrite: true);
    }

    public NerfScene Load(NerfSceneOptions? options = null) => NerfScene.Load(Folder, "train", options ?? new NerfSceneOptions());

    public SceneSpace Space(NerfSceneOptions? options = null)
    {
        using var scene = Load(options);
        return scene.Space;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
