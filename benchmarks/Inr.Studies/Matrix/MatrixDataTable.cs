using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies.Matrix;

/// <summary>The kinds of signals of the matrix. Those to judge on share no file with those to learn from (no speaker, in sound).</summary>
internal static class MatrixDataTable
{
    private const int Side = 64;
    private const int ImageFloats = 3_072;
    private const int TrainingImages = 1_000;
    private const int AudioSamples = 2_048;
    private const int AudioFloats = 512;
    private const string TestSpeaker = "theo";

    // Two pixels to one: letters keep their form and get greys.
    private const int TextFactor = 2;

    // A crop with next to no contrast is a margin.
    private const double LeastDeviation = 0.08;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MatrixData> All { get; } =
    [
        new("photographs", "photographs (Kodak, 64×64)", ImageFloats, [Side, Side], 3, Photographs),
        new("faces", "faces (CelebA, 64×64)", ImageFloats, [Side, Side], 3, Faces),
        new("icons", "cartoons and icons (Noto emoji, 64×64)", ImageFloats, [Side, Side], 3, Icons),
        new("text", "text (128×128 crops at 64×64)", ImageFloats, [Side, Side], 3, TextCrops),
        new("audio", "spoken digits (a quarter of a second at 8 kHz)", AudioFloats, [AudioSamples], 1, Audio),
    ];

    // Centres of the last photographs, eight pixels averaged to one; learned from crops of the others.
    private static (ISignalDataset, ISignalDataset) Photographs(string shared, int count)
    {
        const int Test = 6;
        const int CropsOfEach = 40;
        var photos = ImageFolder.Open(Path.Combine(shared, "data", "kodak-24"), Rgb());
        var random = new Random(1);
        int learned = photos.Count - Test;
        var training = new List<Signal>();
        for (int i = 0; i < learned; i++)
        {
            using var photo = photos.Load(i);
            for (int crop = 0; crop < CropsOfEach; crop++)
                training.Add(ImageCrops.Square(photo, Side, random.Next(4, 9), random.NextDouble(), random.NextDouble(), $"{photo.Name}/{crop}"));
        }

        // One of each photograph, then other places of the same ones.
        var test = new List<Signal>();
        for (int i = 0; i < count; i++)
        {
            using var photo = photos.Load(learned + (i % Test));
            test.Add(ImageCrops.Square(photo, Side, i < Test ? 8 : 5, i < Test ? 0.5 : random.NextDouble(), i < Test ? 0.5 : random.NextDouble(), $"{photo.Name}{(i < Test ? "" : $"/{i / Test}")}"));
        }

        return (new SignalList(training), new SignalList(test));
    }

    private static (ISignalDataset, ISignalDataset) Faces(string shared, int count)
    {
        string folder = Path.Combine(shared, "data", "celeba-89x109");
        return (InMemory(StudyImages.Open(Path.Combine(folder, "train"), Side).Take(TrainingImages)), StudyImages.Open(Path.Combine(folder, "test"), Side).Take(count));
    }

    private static (ISignalDataset, ISignalDataset) Icons(string shared, int count)
    {
        var all = StudyImages.Open(Path.Combine(shared, "data", "noto-emoji-72", "72"), Side);
        // Neighbours in the folder are variants of one icon: whole stretches are held out.
        var order = Enumerable.Range(0, all.Count).OrderBy(i => Mixed(i / 50)).ToArray();
        return (InMemory(new Chosen(all, order[..TrainingImages])), InMemory(new Chosen(all, [.. Enumerable.Range(0, count).Select(i => order[^(1 + (i * 37 % 500))])])));
    }

    private static (ISignalDataset, ISignalDataset) TextCrops(string shared, int count)
    {
        const int Test = 4;
        const int CropsOfEach = 60;
        var pages = ImageFolder.Open(Path.Combine(shared, "data", "text-512"), Rgb());
        var random = new Random(2);
        var training = new List<Signal>();
        for (int i = 0; i < pages.Count - Test; i++)
        {
            using var page = pages.Load(i);
            for (int crop = 0; crop < CropsOfEach; crop++)
                training.Add(InkedCrop(page, random, $"{page.Name}/{crop}"));
        }

        var test = new List<Signal>();
        for (int i = 0; i < count; i++)
        {
            using var page = pages.Load(pages.Count - Test + (i % Test));
            test.Add(InkedCrop(page, random, $"{page.Name}/{i / Test}"));
        }

        return (new SignalList(training), new SignalList(test));
    }

    // From where a word becomes loud, scaled to a peak of 1.
    private static (ISignalDataset, ISignalDataset) Audio(string shared, int count)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(shared, "data", "audio", "fsdd"), "*.wav").Order(StringComparer.Ordinal)];
        var words = files.Where(f => !f.Contains(TestSpeaker, StringComparison.Ordinal)).Select(Word).OfType<Signal>().ToList();
        // One of each digit before the next of any.
        var test = files.Where(f => f.Contains(TestSpeaker, StringComparison.Ordinal))
            .GroupBy(f => Path.GetFileName(f)[0]).SelectMany(g => g.Select((f, i) => (File: f, Round: i))).OrderBy(p => p.Round)
            .Select(p => Word(p.File)).OfType<Signal>().Take(count).ToList();
        return (new SignalList(words), new SignalList(test));
    }

    private static Signal? Word(string file)
    {
        const float Loud = 0.1f;
        using var sound = AudioSignal.Load(file);
        float[] samples = sound.Values.flatten().data<float>().ToArray();
        float peak = samples.Max(Math.Abs);
        int start = Math.Min(Array.FindIndex(samples, x => Math.Abs(x) >= Loud * peak), samples.Length - AudioSamples);
        return start < 0 ? null : Signal.FromGrid(samples.AsSpan(start, AudioSamples).ToArray().Select(x => x / peak).ToArray(), [AudioSamples], 1, sound.Name);
    }

    private static Signal InkedCrop(Signal page, Random random, string name)
    {
        while (true)
        {
            var crop = ImageCrops.Square(page, Side, TextFactor, random.NextDouble(), random.NextDouble(), name);
            using var scope = NewDisposeScope();
            if (crop.Values.std().item<float>() > LeastDeviation)
                return crop;
            crop.Dispose();
        }
    }

    private static SignalList InMemory(ISignalDataset signals) => new([.. Enumerable.Range(0, signals.Count).Select(signals.Load)]);

    private static ImageFolderOptions Rgb() => new() { Image = new ImageLoadOptions { Channels = 3 } };

    // An order that looks random and is the same everywhere.
    private static uint Mixed(int i) => unchecked(((uint)i + 1) * 2654435761u);

    private sealed class Chosen(ISignalDataset all, int[] indices) : ISignalDataset
    {
        public int Count => indices.Length;

        public string GetName(int index) => all.GetName(indices[index]);

        public Signal Load(int index) => all.Load(indices[index]);
    }
}
