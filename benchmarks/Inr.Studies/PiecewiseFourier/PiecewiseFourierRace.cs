using System.Diagnostics;
using System.Globalization;
using Inr.Optimization;
using Inr.Parameterizations;

namespace Inr.Studies;

/// <summary>Races SIREN 256×3 against a piecewise Fourier fit of as many floats: how long until it is as good?</summary>
internal static class PiecewiseFourierRace
{
    private const int SirenFloats = 198_915;

    /// <summary>Prints one row per image.</summary>
    /// <param name="images">The images.</param>
    /// <param name="seconds">When SIREN gives up.</param>
    public static void Run(string[] images, double seconds)
    {
        Console.WriteLine($"\n{SirenFloats:N0} floats each; SIREN 256×3, Adam, 8,192 random pixels a step, at most {seconds:F0} s\n");
        var table = new StudyTable("image", "piecewise dB", "piecewise s", "SIREN dB", "SIREN s", "SIREN steps", "ratio of times");
        foreach (var path in images)
        {
            using var image = ImageSignal.Load(path);
            using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = SirenFloats });
            using var result = fitter.Fit(image);
            double reached = PiecewiseFourierStudy.Psnr(image, result.Representation);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            using var siren = InrBuilder.ForImages(image.Channels).UseSiren().FitWith(o => o with
            {
                Steps = 1_000_000,
                Schedule = LearningRateSchedule.Constant,
                BatchSize = 8192,
                EvaluateEvery = 500,
                TargetPsnr = reached,
            }).Build();
            var clock = Stopwatch.StartNew();
            using var other = siren.Fit(image, cancellationToken: limit.Token);
            double spent = clock.Elapsed.TotalSeconds, psnr = PiecewiseFourierStudy.Psnr(image, other.Representation);
            string ratio = (psnr >= reached ? "" : "> ") + (spent / result.Elapsed.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
            table.Add($"{Path.GetFileNameWithoutExtension(path)}", $"{reached:F2}", $"{result.Elapsed.TotalSeconds:F2}", $"{psnr:F2}", $"{spent:F0}", $"{other.Steps}", $"{ratio}");
        }
    }
}
