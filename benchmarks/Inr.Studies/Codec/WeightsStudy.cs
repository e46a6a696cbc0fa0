using Inr.Parameterizations;

namespace Inr.Studies;

/// <summary>Bits for each number of a network at a loss of quality: 16-bit floats, codes of the network as it is, and codes that were tuned.</summary>
internal static class WeightsStudy
{
    private const string PathName = "PATH";

    /// <summary>What the command line offers.</summary>
    public static StudyPart Part { get; } = new StudyPart("weights", "Bits a weight of a SIREN at losses of PSNR: as trained, and tuned.", o => Run(
            Images(o.Argument(PathName)), o.Int("width"), o.Int("layers"), o.Int("steps"), o.Int("scale"), o.Numbers("losses"), o.Int("tune"), o.Number("rate")))
        .Argument(PathName, "An image, or images with commas between them.")
        .Int("width", 28, "Width of the hidden layers.")
        .Int("layers", 10, "Hidden layers.")
        .Int("steps", 3000, "Steps of Adam on 16,384 random pixels each.")
        .Int("scale", 2, "The picture is made so many times smaller on each side.")
        .Numbers("losses", [0.05, 0.1, 0.3, 1], "Losses in dB.")
        .Int("tune", 1000, "Steps of tuning.")
        .Number("rate", 0.1, "Rate of tuning, in steps of the codes.");

    private static string[] Images(string text) => text.Split(',');

    private static void Run(string[] images, int width, int layers, int steps, int scale, double[] losses, int tune, double rate)
    {
        var table = new StudyTable("image", "how", "loss asked", "bits a weight", "file bytes", "bits a pixel", "PSNR", "change", "CPU s");
        foreach (string path in images)
        {
            using var image = Load(path, scale);
            using var fit = Fit(image, width, layers, steps);
            string name = Path.GetFileNameWithoutExtension(path);
            double whole = PsnrOf(fit.Representation, image);
            table.Add(name, "float32", "", "32", $"{Bytes(fit.Representation)}", "", $"{whole:F2}", "", $"{steps} steps");
            using (var half = fit.Representation.WithStorage((_, t) => TensorStorage.Half(t)))
                table.Add(name, "float16, as COIN", "", "16", $"{Bytes(half)}", $"{16.0 * fit.Representation.FloatCount / image.SampleCount:F4}", $"{PsnrOf(half, image):F2}", $"{PsnrOf(half, image) - whole:+0.00;-0.00}", "");
            foreach (var (how, isTuned, seed) in (ReadOnlySpan<(string, bool, int?)>)[("coded", false, null), ("coded from its start", false, 0), ($"the same, tuned {tune}", true, 0)])
            {
                foreach (double loss in losses)
                {
                    var before = Environment.CpuUsage.TotalTime;
                    using var coded = fit.Representation.Compress(new CompressionOptions { LossDecibels = loss, TuningSteps = isTuned ? tune : 0, TuningRate = rate, StartSeed = seed }, image);
                    double seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                    using var file = new MemoryStream();
                    coded.Save(file);
                    file.Position = 0;
                    using var loaded = ImplicitRepresentation.Load(file);
                    double psnr = PsnrOf(loaded, image);
                    table.Add(name, how, $"{loss}", $"{(double)coded.BitCount / coded.Target.Layout.FloatCount:F2}", $"{file.Length}", $"{8.0 * file.Length / image.SampleCount:F4}", $"{psnr:F2}", $"{psnr - whole:+0.00;-0.00}", $"{seconds:F0}");
                }
            }
        }
    }

    private static FitResult Fit(Signal image, int width, int layers, int steps)
    {
        var siren = new Siren(2, 3, new SirenOptions { Width = width, HiddenLayers = layers - 1, OutputOffset = 0.5 });
        using var fitter = new GradientFitter(siren, new GradientFitterOptions { Steps = steps, LearningRate = 1e-3, BatchSize = 16_384 });
        using var start = SeededStart.Draw(siren, 0);
        return fitter.FitFrom(start, image);
    }

    private static Signal Load(string path, int scale)
    {
        using var whole = ImageSignal.Load(path);
        var shape = whole.Domain.GridShape;
        return ImageSignal.Load(path, new ImageLoadOptions { Channels = 3, Size = new ImageSize(shape[0] / scale, shape[1] / scale) });
    }

    private static double PsnrOf(ImplicitRepresentation representation, Signal image)
    {
        using var picture = representation.Render();
        return Psnr.Of8Bit(image, picture);
    }

    private static long Bytes(ImplicitRepresentation representation)
    {
        using var file = new MemoryStream();
        representation.Save(file);
        return file.Length;
    }
}
