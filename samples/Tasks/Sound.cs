using Inr;

namespace Tasks;

/// <summary>A second of sound as a function of time: a SIREN with a fast first layer.</summary>
public static class Sound
{
    public static void Run(string folder)
    {
        const int Rate = 8_000;
        short[] samples = [.. Enumerable.Range(0, Rate / 4).Select(i => (short)(12_000 * Math.Sin(2 * Math.PI * 440 * i / Rate) * Math.Exp(-6.0 * i / Rate)))];
        using var sound = AudioSignal.FromSamples(samples);
        using var inr = InrBuilder.ForAudio()
            .UseSiren(o => o with { Width = 32, HiddenLayers = 2, FirstOmega = 300 })
            .FitWith(o => o with { Steps = 300, LearningRate = 1e-3 })
            .Build();
        using var fit = inr.Fit(sound);
        Console.WriteLine($"{fit.Psnr:0.00} dB after {fit.Steps} steps");
        // Twice as many samples of the same time: twice the rate.
        using var finer = fit.Representation.Render(2 * samples.Length);
        finer.SaveWav(Path.Combine(folder, "sound.wav"), 2 * Rate);
    }
}
