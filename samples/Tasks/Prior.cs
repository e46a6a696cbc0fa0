using Inr;

namespace Tasks;

/// <summary>Many similar signals: learn where to start, so that two steps fit a new one.</summary>
public static class Prior
{
    public static void Run(string folder)
    {
        var blobs = Enumerable.Range(0, 40).Select(Blob).ToArray();
        using var learner = InrBuilder.ForImages(channels: 1, size: 16)
            .UseSiren(o => o with { Width = 32, HiddenLayers = 2 })
            .UseMetaSgd()
            .Build();
        using var before = learner.Fit(blobs[39]);
        learner.Train(new SignalList(blobs[..39]), new MetaTrainingOptions { Steps = 100, BatchSize = 4, LearningRate = 1e-3 });
        using var after = learner.Fit(blobs[39]);
        Console.WriteLine($"a blob that training did not see, after two steps: {before.Psnr:0.0} dB without the prior, {after.Psnr:0.0} dB with it");
        learner.Save(Path.Combine(folder, "blobs.learner"));
        Array.ForEach(blobs, b => b.Dispose());
    }

    // A soft spot somewhere in a picture of 16×16.
    private static Signal Blob(int number)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)number);
        var centre = rand([1, 2], generator: generator) - 0.5;
        var distances = (CoordinateGrid.Create([16, 16]) - centre).norm(1, true, 2);
        var blob = Signal.FromGrid((distances * distances * -6).exp(), [16, 16]);
        return blob;
    }
}
