using System.IO.Compression;
using Inr.Evaluation;
using Inr.Files;
using Inr.Fuzz.Tests.Mutations;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;

namespace Inr.Fuzz.Tests;

/// <summary>The readers: a new one joins with a row.</summary>
internal static class FuzzTable
{
    private const string Meta = "Inr.Meta.Tests";
    private const string Core = "Inr.Core.Tests";

    private static readonly string Folder = Directory.CreateTempSubdirectory("inr-fuzz-").FullName;

    private static readonly Mutation[] SafeTensorsHeader = [SafeTensorsMutations.Header];

    private static readonly Dictionary<string, string> Settings = new() { ["--floats"] = "900", ["--seed"] = "0" };

    private static readonly byte[] Row = """{"signal": "a.png", "key": "a-0123456789ab", "samples": 64, "contextSamples": 64, "floats": 60, "storedBytes": 700, "psnr": 31.5, "fitSeconds": 0.1, "fitTimings": [0.1], "status": "Completed", "device": "cpu"}"""u8.ToArray();

    private static readonly byte[] Plan = """{"steps": {"siren": 100}, "trials": [{"target": "siren", "learningRate": 0.001, "omega": 30, "psnr": 31.5, "steps": 10, "signals": ["a.png"], "isChosen": true}]}"""u8.ToArray();

    /// <summary>The rows.</summary>
    public static IReadOnlyList<FuzzReader> Rows { get; } =
    [
        new("safetensors", () => [Seeds.SafeTensorsFile()], file => Read(new SafeTensorsReader(new MemoryStream(file)), r => r.ReadAll())) { Structural = SafeTensorsHeader },
        Representation("inr perceptrons", () =>
        [
            Seeds.InrFile(new Siren(2, 3, new SirenOptions { Width = 6, HiddenLayers = 1 })),
            Seeds.InrFile(new ReluMlp(2, 3, new ReluMlpOptions { Width = 6, Depth = 3, EncodingSize = 4, MaxFrequency = 4 })),
            Seeds.InrFile(new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 6, Depth = 2, Frequencies = 3 })),
            Seeds.FieldFile(),
        ]),
        Representation("inr expansions", () =>
        [
            Seeds.FittedFile(b => b.UsePiecewiseFourier(o => o with { FloatBudget = 60 })),
            Seeds.FittedFile(b => b.UseBlockCosine(o => o with { FloatBudget = 60 })),
            Seeds.InrFile(new CellFourierTarget(2, 3, new CellFourierOptions { Cells = 2, Terms = 5, IndicatorWidth = 0.3 })),
            Seeds.InrFile(new CellFourierTarget(2, 3, new CellFourierOptions { Partition = PartitionKind.PowerDiagram, Cells = 3, Terms = 4, IndicatorWidth = 0.3 })),
        ]),
        Representation("inr coded cosines", () =>
        [
            Seeds.FittedFile(b => b.UseCompressedFourier(o => o with { Quality = 60 })),
        ]),
        new("npy", NpySeeds, file => Npy.Read(new MemoryStream(file)).Dispose()) { Structural = [NpyMutations.Header] },
        new("npz", () => [Seeds.NpzFile(), .. Seeds.Fixtures(Meta, "state-dicts/siren.npz")], file => Npz.Read(new MemoryStream(file)))
        {
            Structural = [ZipMutations.Part(NpyMutations.Header, CompressionLevel.Fastest), ZipMutations.Part(ByteMutations.Apply, CompressionLevel.Fastest)],
            // Deflate packs zeros a thousandfold, and an array of them is what its header says.
            MostBytes = 512 << 20,
        },
        new("wav", () => [.. Enum.GetValues<WavFormat>().Select(Seeds.WavFile), .. Seeds.Fixtures(Core, "sounds/ffmpeg-pipe.wav", "sounds/loud-float.wav")], file => AudioSignal.Decode(new MemoryStream(file), out _).Dispose()),
        new("png", () => [Seeds.PngFile(8), Seeds.PngFile(16), .. Seeds.Fixtures(Core, "images/formula-1bit.png", "images/formula-palette-alpha.png", "images/formula-grey16.png", "images/formula-rgba.png", "images/formula-grey-alpha.png")],
            file => ImageSignal.Decode(file).Dispose()) { Structural = [PngMutations.Chunk] },
        new("jpeg", () => Seeds.Fixtures(Core, "images/coffee-baseline.jpg", "images/coffee-progressive.jpg", "images/coffee-420.jpg", "images/coffee-grey.jpg", "images/exif6.jpg", "images/cmyk-plain.jpg"), file => ImageSignal.Decode(file).Dispose()),
        new("checkpoint", () => Seeds.Fixtures(Meta, "checkpoints/half.pth", "checkpoints/protocol4.pth", "checkpoints/legacy.pth"), file => OnDisk(file, path => TransInrImport.Load(path).Dispose()))
        {
            Structural = [IfZip(ZipMutations.Part(PickleMutations.Apply, CompressionLevel.NoCompression))],
        },
        new("state dict", () => [.. Seeds.Fixtures(Meta, "state-dicts/notebook.pth", "state-dicts/official.pth", "state-dicts/siren.npz", "state-dicts/sequential.pth"), Seeds.InrFile(new Siren(2, 3, new SirenOptions { Width = 6, HiddenLayers = 1 }))],
            file => OnDisk(file, path => PerceptronImport.LoadSiren(path).Dispose())) { Structural = [IfZip(ZipMutations.Part(PickleMutations.Apply, CompressionLevel.NoCompression)), IfJson(SafeTensorsMutations.Header)], MostBytes = 512 << 20 },
        new("pickle", () => Seeds.Fixtures(Meta, "checkpoints/types-stream-2.pth", "checkpoints/types-stream-5.pth", "checkpoints/types-zip-2.pth", "checkpoints/types-zip-4.pth"),
            ReadTorch) { Structural = [PickleMutations.Apply, IfZip(ZipMutations.Part(PickleMutations.Apply, CompressionLevel.NoCompression))] },
        Learner("learner gradient", () => [Seeds.LearnerFile(b => b.UseMaml(o => o with { InnerSteps = 2 })), Seeds.LearnerFile(b => b.UseModulation(o => o with { InnerSteps = 2, LatentSize = 4 }))]),
        Learner("learner transformer", () => [Seeds.LearnerFile(b => b.UseTransformer(o => o with { Dimension = 8, Depth = 1, Heads = 2, HeadDimension = 4, FeedForward = 8, WeightGroups = 2, PatchSize = 4 }))]),
        new("scene", () => [Seeds.SceneJson(), Seeds.CapturedSceneJson()], ReadScene) { Structural = [TextMutations.Apply] },
        new("scene split", () => ["""{"train": ["a", "b"], "test": ["c"]}"""u8.ToArray()], file => OnDisk(file, path => PosedSceneFolder.Open(Folder, new PosedSceneFolderOptions { SplitFile = path }))) { Structural = [TextMutations.Apply] },
        // What is damaged in the folder of a comparison counts as missing.
        new("evaluation settings", () => ["""{"--floats": "900", "--seed": "0"}"""u8.ToArray()], ReadSettings) { Structural = [TextMutations.Apply], Refuses = false },
        new("evaluation row", () => [Row], ReadRow) { Structural = [TextMutations.Apply], Refuses = false },
        new("comparison plan", () => [Plan], ReadPlan) { Structural = [TextMutations.Apply], Refuses = false },
    ];

    private static FuzzReader Representation(string name, Func<byte[][]> seeds) => new(name, seeds, file =>
    {
        using var representation = ImplicitRepresentation.Load(new MemoryStream(file));
        // A function that loads is one that can be used.
        representation.Evaluate(zeros(2, representation.Target.InputDimension, dtype: representation.Parameters.ScalarType));
        representation.Render([.. Enumerable.Repeat(3, representation.Target.InputDimension)]).Dispose();
    })
    { Structural = SafeTensorsHeader };

    private static FuzzReader Learner(string name, Func<byte[][]> seeds) => new(name, seeds, file => OnDisk(file, path => MetaLearner.Load(path).Dispose())) { Structural = SafeTensorsHeader };

    private static Mutation IfZip(Mutation mutation) => (file, random) => file.AsSpan().StartsWith("PK"u8) ? mutation(file, random) : PickleMutations.Apply(file, random);

    private static Mutation IfJson(Mutation mutation) => (file, random) => file.Length > 8 && file[8] == (byte)'{' ? mutation(file, random) : ByteMutations.Apply(file, random);

    private static void Read<T>(T reader, Action<T> read)
        where T : IDisposable
    {
        using (reader)
            read(reader);
    }

    private static void OnDisk(byte[] file, Action<string> read)
    {
        string path = Path.Combine(Folder, "input");
        File.WriteAllBytes(path, file);
        read(path);
    }

    private static byte[][] NpySeeds()
    {
        using var scope = NewDisposeScope();
        return [Seeds.NpyFile(arange(6, dtype: float32).reshape(2, 3)), Seeds.NpyFile(tensor(new short[] { 1, -2 })), Seeds.NpyFile(tensor(2.5)), .. Seeds.Fixtures(Core, "arrays/big-endian-f4.npy")];
    }

    // Every tensor that a file names, and no model that would refuse it before.
    private static void ReadTorch(byte[] file)
    {
        using var archive = TorchArchive.Open(new MemoryStream(file), "input");
        var open = new Stack<object?>([archive.Root]);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (open.TryPop(out object? value))
        {
            if (value is PickledTensor tensor)
                archive.Read(tensor).Dispose();
            else if (value is PickledDictionary dictionary && seen.Add(dictionary))
                dictionary.Keys.OfType<string>().ToList().ForEach(key => open.Push(dictionary[key]));
            else if (value is List<object?> list && seen.Add(list))
                list.ForEach(open.Push);
        }
    }

    private static void ReadScene(byte[] json)
    {
        string pictures = Path.Combine(Folder, "train");
        if (!Directory.Exists(pictures))
        {
            Directory.CreateDirectory(pictures);
            File.WriteAllBytes(Path.Combine(pictures, "r_0.png"), Seeds.PngFile(8));
            File.WriteAllBytes(Path.Combine(pictures, "r_1.png"), Seeds.PngFile(8));
        }

        File.WriteAllBytes(Path.Combine(Folder, "transforms_train.json"), json);
        NerfScene.HasSplit(Folder, "test");
        NerfScene.Load(Folder).Dispose();
    }

    private static void ReadSettings(byte[] file)
    {
        string folder = Comparison();
        File.WriteAllBytes(Path.Combine(folder, "settings.json"), file);
        using var evaluations = EvaluationFolder.Open(folder, Settings);
    }

    private static void ReadRow(byte[] file)
    {
        string folder = Comparison();
        File.Delete(Path.Combine(folder, "settings.json"));
        using var evaluations = EvaluationFolder.Open(folder, Settings);
        string path = Path.Combine(folder, "rows", "a-0123456789ab-siren.json");
        File.WriteAllBytes(path, file);
        try
        {
            // A row that is there is a row that can be shown.
            if (evaluations.For("siren").Find("a-0123456789ab") is { } row)
                _ = row.Signal.Length + row.Key.Length + row.FitTimings.Count + row.Device.Length;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void ReadPlan(byte[] file)
    {
        string path = Path.Combine(Comparison(), ComparisonPlan.File);
        File.WriteAllBytes(path, file);
        ComparisonPlan.Load(path).For(Contender.Of([TargetCatalog.Find("siren")], [900])[0]);
    }

    private static string Comparison()
    {
        string folder = Path.Combine(Folder, "comparison");
        Directory.CreateDirectory(Path.Combine(folder, "rows"));
        return folder;
    }
}
