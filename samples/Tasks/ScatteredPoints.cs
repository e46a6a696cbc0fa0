using Inr;

namespace Tasks;

/// <summary>Measurements at any places, such as weather stations: a smooth function through them, judged on those held back.</summary>
public static class ScatteredPoints
{
    public static void Run(string folder)
    {
        using var generator = new Generator(1);
        var places = rand([600, 2], generator: generator) * 2 - 1;
        var heights = (places.select(1, 0) * 3).sin() * (places.select(1, 1) * 2).cos();
        using var all = new Signal(places, heights.unsqueeze(1));
        var (known, heldBack) = all.Split(heldOutFraction: 0.2, seed: 1);
        using (known)
        using (heldBack)
        {
            using var inr = InrBuilder.ForSignals(inputDimension: 2, outputDimension: 1)
                .UseFourierFeatureMlp(o => o with { Sigma = 1, Width = 64, Frequencies = 64 })
                .FitWith(o => o with { Steps = 300, LearningRate = 2e-3 })
                .Build();
            using var fit = inr.Fit(known);
            Console.WriteLine($"known: {fit.Psnr:0.00} dB, held back: {HeldOut.Psnr(fit.Representation, heldBack):0.00} dB");
            fit.Representation.Save(Path.Combine(folder, "heights.inr"));
        }
    }
}
