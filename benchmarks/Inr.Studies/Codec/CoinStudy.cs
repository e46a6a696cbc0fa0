using Inr.Parameterizations;

namespace Inr.Studies;

/// <summary>COIN and the recipe of Strümpler et al. as such: networks of one picture under a budget of processor time, in 16 bits and coded, in whole files.</summary>
/// <remarks>
/// Dupont, Goliński, Alizadeh, Teh, Doucet: COIN, 2021: sines of ω 30, five architectures, 16-bit numbers. Strümpler, Postels, Yang, Van Gool, Tombari: Implicit neural
/// representations for image compression, ECCV 2022: sixteen frequencies 1.4^k of each coordinate before three hidden layers of sines. What is done already is read
/// from the file of results and not done again.
/// </remarks>
internal static class CoinStudy
{
    private const string PathName = "PATH";
    private const int Batch = 16_384;

    /// <summary>What the command line offers.</summary>
    public static StudyPart Part { get; } = new StudyPart("coin", "Networks of one picture: COIN's and Strümpler's, in 16 bits and coded.", o => Run(
            o.Argument(PathName).Split(','), o.Text("networks").Split(','), o.Number("seconds"), o.Number("loss"), o.Int("tune"), o.Text("results")))
        .Argument(PathName, "An image, or images with commas between them.")
        .Text("networks", "coin-5x20,coin-5x30,coin-10x28,coin-10x40,coin-13x49,positional-32,positional-48,positional-64,positional-96,positional-128", "Hidden layers × width of COIN's networks, widths of Strümpler's.")
        .Number("seconds", 120, "Processor time of a fit, in seconds.")
        .Number("loss", 0.1, "What coding may lose, in dB.")
        .Int("tune", 500, "Steps of tuning at each quality that is tried.")
        .Text("results", "benchmarks/results/coin.json", "The file of results.");

    private static void Run(string[] images, string[] networks, double seconds, double loss, int tune, string results)
    {
        var rows = (File.Exists(results) ? StudyFile.Load<List<Row>>(results) : null) ?? [];
        var table = new StudyTable("image", "network", "numbers", "CPU s", "steps", "PSNR", "16 bits: bits a pixel", "PSNR", "coded: bits a weight", "file bytes", "bits a pixel", "PSNR", "CPU s");
        foreach (string path in images)
        {
            using var image = ImageSignal.Load(path, new ImageLoadOptions { Channels = 3 });
            string name = Path.GetFileNameWithoutExtension(path);
            foreach (string network in networks)
            {
                var row = rows.Find(r => r.Image == name && r.Network == network && r.Budget == seconds && r.Loss == loss && r.Tuning == tune);
                if (row is null)
                {
                    row = Measure(image, name, network, seconds, loss, tune);
                    rows.Add(row);
                    StudyFile.Save(results, rows);
                }

                table.Add(row.Image, row.Network, $"{row.Numbers}", $"{row.FitSeconds:F0}", $"{row.Steps}", $"{row.Psnr:F2}", $"{row.HalfRate:F4}", $"{row.HalfPsnr:F2}", $"{row.BitsPerWeight:F2}", $"{row.FileBytes}", $"{row.Rate:F4}", $"{row.CodedPsnr:F2}", $"{row.CodeSeconds:F0}");
            }
        }
    }

    private static Row Measure(Signal image, string name, string network, double seconds, double loss, int tune)
    {
        var (target, rate) = Network(network);
        using var start = SeededStart.Draw(target, 0);
        using var fitter = new GradientFitter(target, new GradientFitterOptions
        {
            Steps = 1_000_000,
            TimeLimit = TimeSpan.FromSeconds(seconds),
            TimeSource = new ProcessorTime(),
            BatchSize = Batch,
            EvaluateEvery = 500,
            LearningRate = rate,
        });
        using var fit = fitter.FitFrom(start, image);
        using var half = fit.Representation.WithStorage((_, t) => TensorStorage.Half(t));
        var before = Environment.CpuUsage.TotalTime;
        using var coded = fit.Representation.Compress(new CompressionOptions { LossDecibels = loss, TuningSteps = tune, StartSeed = 0 }, image);
        double codeSeconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        using var file = new MemoryStream();
        coded.Save(file);
        file.Position = 0;
        using var loaded = ImplicitRepresentation.Load(file);
        long numbers = target.Layout.FloatCount;
        return new Row(name, network, seconds, loss, tune, numbers, fit.Spent?.TotalSeconds ?? fit.Elapsed.TotalSeconds, fit.Steps, PsnrOf(fit.Representation, image), 16.0 * numbers / image.SampleCount, PsnrOf(half, image),
            (double)coded.BitCount / numbers, file.Length, 8.0 * file.Length / image.SampleCount, PsnrOf(loaded, image), codeSeconds);
    }

    private static (Perceptron Target, double Rate) Network(string name)
    {
        string[] parts = name.Split('-');
        if (parts is ["coin", var shape] && shape.Split('x') is [var layers, var width])
            return (new Siren(2, 3, new SirenOptions { HiddenLayers = int.Parse(layers, System.Globalization.CultureInfo.InvariantCulture) - 1, Width = int.Parse(width, System.Globalization.CultureInfo.InvariantCulture), OutputOffset = 0.5 }), 1e-3);
        if (parts is ["positional", var widths] && int.TryParse(widths, out int m))
        {
            return (new DensePerceptron(new PerceptronDescription(2, 3)
            {
                Encoding = new PositionalEncoding(32, 155.57),
                HiddenWidths = [m, m, m, m],
                Hidden = Activation.Sine.At(30),
                OutputOffset = 0.5,
            }), 1e-3);
        }

        throw StudyException.BadUsage($"'{name}' is no network: coin-10x28 has ten hidden layers of 28, positional-64 four of 64.");
    }

    private static double PsnrOf(ImplicitRepresentation representation, Signal image)
    {
        using var picture = representation.Render();
        return Psnr.Of8Bit(image, picture);
    }

    private sealed record Row(string Image, string Network, double Budget, double Loss, int Tuning, long Numbers, double FitSeconds, int Steps, double Psnr, double HalfRate, double HalfPsnr, double BitsPerWeight, long FileBytes, double Rate, double CodedPsnr, double CodeSeconds);
}
