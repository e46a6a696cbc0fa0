using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>What a large picture costs in memory, from its file to the first steps of a fit.</summary>
public sealed class LargePictureTests
{
    private const int Width = 2400;
    private const int Height = 1600;

    [MemoryFact]
    public void LoadAndStartToFit_LargePicture_TakesLessThanThreeTimesItsFloats()
    {
        string path = Path.Combine(Path.GetTempPath(), $"inr-{Guid.NewGuid():N}.png");
        try
        {
            using (var written = Grain())
                written.SavePng(path);
            using var fitter = InrBuilder.ForImages().UseSiren(o => o with { Width = 16, HiddenLayers = 1 }).FitWith(o => o with { Steps = 3, BatchSize = 8192 }).Build();
            long floats = 4L * Width * Height * 3;

            var peak = PeakMemory.Start();
            using var picture = ImageSignal.Load(path);
            long loaded = peak.Bytes;
            fitter.Fit(picture).Dispose();
            long fitted = peak.Bytes;

            loaded.Should().BeLessThan(2 * floats, "the file is decoded into the signal's own memory");
            fitted.Should().BeLessThan(3 * floats, "neither coordinates nor copies of the values are held");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Signal Grain()
    {
        var pixels = new byte[Width * Height * 3];
        new Random(1).NextBytes(pixels);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] &= 31;
        return ImageSignal.FromPixels(pixels, Width, Height, 3);
    }
}
