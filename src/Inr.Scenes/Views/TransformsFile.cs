using System.Globalization;
using System.Text.Json;
using Inr.Files;

namespace Inr.Scenes;

/// <summary>A file of poses: <c>transforms_train.json</c> of the synthetic NeRF scenes, <c>transforms.json</c> of instant-ngp and nerfstudio.</summary>
internal sealed class TransformsFile
{
    private const int MaxFrames = 100_000;
    private const int NamedUnused = 8;
    private const int MostPosesOfAPicture = 32;
    // Poses of a few digits are bent by so much; a squashed or mirrored one by more.
    private const double RigidSlack = 5e-3;
    private const double LargestPosition = 1e9;

    private static readonly string[] Splits = ["train", "val", "test"];

    // What has no say in where cameras are and what they see.
    private static readonly HashSet<string> Harmless =
    [
        .. LensFields.Names, .. WorldBox.Names, "frames", "file_path", "transform_matrix", "rotation", "sharpness", "colmap_im_id", "name", "comment",
        "train_filenames", "val_filenames", "test_filenames", "ply_file_path", "applied_transform", "applied_scale",
        "orientation_override", "auto_scale_poses_override",
    ];

    private TransformsFile(string path, WorldBox box, IReadOnlyList<TransformsFrame> frames, IReadOnlyList<string> notes)
    {
        Path = path;
        Box = box;
        Frames = frames;
        Notes = notes;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it says about where the scene lies.</summary>
    public WorldBox Box { get; }

    /// <summary>The frames of the part that was asked for, in the order of the file.</summary>
    public IReadOnlyList<TransformsFrame> Frames { get; }

    /// <summary>What it says and is not followed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The file that holds a part of a scene, and the part to pick where it holds more; null where there is none.</summary>
    /// <param name="folder">The folder of the scene.</param>
    /// <param name="split"><c>train</c>, <c>val</c>, <c>test</c>, or another part of a file of its own.</param>
    public static (string Path, string? Part)? Find(string folder, string split)
    {
        string own = System.IO.Path.Combine(folder, $"transforms_{split}.json");
        if (File.Exists(own))
            return (own, null);
        string whole = System.IO.Path.Combine(folder, "transforms.json");
        if (!File.Exists(whole))
            return null;
        if (split == "train")
            return (whole, split);
        return Splits.Contains(split) && JsonFields.Open(whole).Find($"{split}_filenames") is not null ? (whole, split) : null;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">The part to pick, where the file lists names of parts; null for all frames.</param>
    /// <exception cref="SignalLoadException">It cannot be read, or a frame has no sound pose or lens; the message names the frame.</exception>
    public static TransformsFile Read(string path, string? part = null)
    {
        var file = JsonFields.Open(path);
        if (file.Find("frames") is not { ValueKind: JsonValueKind.Array } list)
            throw file.Refuse("it has no list of frames.");
        if (list.GetArrayLength() > MaxFrames)
            throw file.Refuse($"it lists more than {MaxFrames} views.");
        var isPicked = Picker(file, part);
        bool mirrored = file.Find("normal_mts_args") is not null;
        var frames = new List<TransformsFrame>();
        var names = file.Names.ToHashSet(StringComparer.Ordinal);
        int index = 0;
        foreach (var element in list.EnumerateArray())
        {
            var frame = ReadFrame(file, element, index++, mirrored);
            names.UnionWith(frame.Fields.Names);
            if (isPicked(Plain(frame.Name)))
                frames.Add(frame);
        }

        return new TransformsFile(path, WorldBox.Read(file), frames, [.. UnusedNames(names), .. RepeatedPictures(file, frames)]);
    }

    private static string[] UnusedNames(HashSet<string> names)
    {
        string[] unused = [.. names.Except(Harmless).Order(StringComparer.Ordinal).Select(InputFile.Quote)];
        return unused.Length == 0 ? [] : [$"the file also has {string.Join(", ", unused.Take(NamedUnused))}{(unused.Length > NamedUnused ? ", …" : "")}, with which nothing is done."];
    }

    // One picture has one camera; a few poses of it are odd, and many make a small file ask for any amount of memory.
    private static string[] RepeatedPictures(JsonFields file, List<TransformsFrame> frames)
    {
        var repeated = frames.GroupBy(f => Plain(f.Name), StringComparer.Ordinal).Select(g => (Name: g.Key, Count: g.Count())).Where(g => g.Count > 1).ToArray();
        if (repeated.Length == 0)
            return [];
        var (name, count) = repeated.MaxBy(g => g.Count);
        return count <= MostPosesOfAPicture
            ? [$"the picture {InputFile.Quote(name)} has {count} poses{(repeated.Length > 1 ? $", and {repeated.Length - 1} more have several" : "")}: all of them are used, though only one can be right."]
            : throw file.Refuse($"it lists the picture {InputFile.Quote(name)} {count} times.");
    }

    // Without a list of its own, the part to learn from is what no other part has.
    private static Func<string, bool> Picker(JsonFields file, string? part)
    {
        HashSet<string>? List(string split) => file.Texts($"{split}_filenames")?.Select(Plain).ToHashSet(StringComparer.Ordinal);
        if (part is null)
            return _ => true;
        if (List(part) is { } own)
            return own.Contains;
        var others = Splits.Where(s => s != part).Select(List).OfType<HashSet<string>>().ToArray();
        return name => !others.Any(list => list.Contains(name));
    }

    private static TransformsFrame ReadFrame(JsonFields file, JsonElement element, int index, bool mirrored)
    {
        string number = index.ToString(CultureInfo.InvariantCulture);
        if (element.ValueKind != JsonValueKind.Object)
            throw file.Refuse($"its frame {number} is no object.");
        var unnamed = new JsonFields(element, file.Source, number);
        string name = unnamed.Text("file_path") ?? throw unnamed.Refuse("there is no file_path.");
        var frame = unnamed with { Owner = InputFile.Quote(name) };
        double[] pose = frame.Matrix("transform_matrix", 3, 4, 4) ?? throw frame.Refuse("there is no transform_matrix.");
        if (mirrored)
            FromMitsuba(pose);
        RequireRigid(frame, pose);
        return new TransformsFrame(name, pose[..12], LensFields.Read(file, frame), frame);
    }

    // Mitsuba's cameras look along +z with x to the left.
    private static void FromMitsuba(double[] pose)
    {
        for (int row = 0; row < 3; row++)
        {
            pose[4 * row] = -pose[4 * row];
            pose[4 * row + 2] = -pose[4 * row + 2];
        }
    }

    private static void RequireRigid(JsonFields frame, double[] pose)
    {
        if (pose.Length == 16 && !pose.AsSpan(12).SequenceEqual([0, 0, 0, 1]))
            throw frame.Refuse("the last row of its transform_matrix is not 0, 0, 0, 1; is the matrix transposed?");
        if (Enumerable.Range(0, 3).Any(row => Math.Abs(pose[4 * row + 3]) > LargestPosition))
            throw frame.Refuse(string.Create(CultureInfo.InvariantCulture, $"its camera lies further than {LargestPosition} from the origin."));
        double Dot(int a, int b) => Enumerable.Range(0, 3).Sum(row => pose[4 * row + a] * pose[4 * row + b]);
        for (int a = 0; a < 3; a++)
        {
            if (!(Math.Abs(Dot(a, a) - 1) <= RigidSlack))
                throw frame.Refuse(string.Create(CultureInfo.InvariantCulture, $"its transform_matrix is no rigid motion: column {a + 1} has the length {Math.Sqrt(Dot(a, a)):0.####} instead of 1. Take the scale out of the matrix."));
            int b = (a + 1) % 3;
            if (!(Math.Abs(Dot(a, b)) <= RigidSlack))
                throw frame.Refuse($"its transform_matrix is no rigid motion: columns {Math.Min(a, b) + 1} and {Math.Max(a, b) + 1} are not at right angles.");
        }

        double determinant =
            pose[0] * (pose[5] * pose[10] - pose[6] * pose[9])
            - pose[1] * (pose[4] * pose[10] - pose[6] * pose[8])
            + pose[2] * (pose[4] * pose[9] - pose[5] * pose[8]);
        if (determinant < 0)
            throw frame.Refuse("its transform_matrix is left-handed, so that it mirrors the picture; columns are right, up and backward, as in OpenGL.");
    }

    // Lists of parts name pictures as frames do, give or take the form of the path.
    private static string Plain(string path)
    {
        string plain = path.Replace('\\', '/');
        return plain.StartsWith("./", StringComparison.Ordinal) ? plain[2..] : plain;
    }
}
