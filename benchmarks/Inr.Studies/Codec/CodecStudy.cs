using System.Diagnostics;
using Inr.Evaluation;
using Inr.Parameterizations;

namespace Inr.Studies;

/// <summary>Measures coded cosines: bits of whole files against the PSNR of what a reader makes of them; prints the tables of docs/codec.md.</summary>
internal static class CodecStudy
{
    private const string PathName = "PATH";
    private const string StepsName = "steps";
    private const string RatesName = "rates";

    // The time of decoding is the median of so many.
    private const int Decodings = 5;

    /// <summary>What the command line offers.</summary>
    public static Study Study { get; } = new("codec", "Coded cosines: bits, PSNR and time of whole files.",
    [
        new StudyPart("kodak", "Rate and distortion over a folder of pictures.", o => Run(Images(o.Argument(PathName)), o.Numbers(StepsName), o.Numbers(RatesName), o.Int("threads")))
            .Argument(PathName, "An image, or a folder of them.")
            .Numbers(StepsName, [124, 74, 47, 22], "Steps of the levels in 255ths, from coarse to fine.")
            .Numbers(RatesName, [0.15, 0.3, 0.5, 1], "Bits a pixel to interpolate at, in the logarithm of the rate.")
            .Int("threads", 2, "Threads."),
        WeightsStudy.Part,
        CoinStudy.Part,
        new StudyPart("lossless", "Bytes of pictures that are kept as they are.", o => Lossless(Images(o.Argument(PathName)), o.Int("threads")))
            .Argument(PathName, "An image, or a folder of them.")
            .Int("threads", 2, "Threads."),
        new StudyPart("damage", "Files cut everywhere and with each bit changed.", o => CodecDamage.Run(o.Int("files"), o.Int("side")))
            .Int("files", 50, "Files.")
            .Int("side", 24, "The longest side of a picture."),
        new StudyPart("prefix", "What the beginning of a file shows, against a file made for that size.", o => Prefix(Images(o.Argument(PathName)), o.Numbers(StepsName), o.Numbers("parts"), o.Int("refinements"), o.Int("threads")))
            .Argument(PathName, "An image, or a folder of them.")
            .Numbers(StepsName, [22, 47], "Steps of the levels in 255ths, from coarse to fine.")
            .Numbers("parts", [0.25, 0.5, 0.75], "Parts of the bytes.")
            .Int("refinements", 1, "Layers of refinements.")
            .Int("threads", 2, "Threads."),
    ]);

    private static void Prefix(string[] images, double[] steps, double[] parts, int refinements, int threads)
    {
        Console.WriteLine($"\n{images.Length} images, {refinements} layers of refinements; bits of whole files a pixel, PSNR of RGB in 8 bits; `made`: a file without layers of at most as many bytes\n");
        var table = new StudyTable(["step", "plain bits", "plain PSNR", "bits", "PSNR", "made", .. parts.SelectMany(p => new[] { $"{p} bits", $"{p} PSNR", $"{p} made" })]);
        foreach (double step in steps)
        {
            var sums = new double[5 + (3 * parts.Length)];
            foreach (string path in images)
            {
                using var image = ImageSignal.Load(path);
                int at = 0;
                var (plain, plainPsnr) = Coded(image, new CompressedFourierOptions { Step = step / 255, Threads = threads });
                var (file, psnr) = Coded(image, new CompressedFourierOptions { Step = step / 255, Refinements = refinements, Threads = threads });
                Add(8.0 * plain.Length / image.SampleCount, plainPsnr, 8.0 * file.Length / image.SampleCount, psnr, Made(file.Length));
                foreach (double part in parts)
                {
                    byte[] beginning = file[..(int)(part * file.Length)];
                    Add(8.0 * beginning.Length / image.SampleCount, Decoded(image, beginning), Made(beginning.Length));
                }

                double Made(int bytes) => Coded(image, new CompressedFourierOptions { FileBytes = bytes, Threads = threads }).Psnr;

                void Add(params double[] numbers)
                {
                    foreach (double number in numbers)
                        sums[at++] += number / images.Length;
                }
            }

            table.Add([$"{step}", .. sums.Select(s => $"{s:F3}")]);
        }
    }

    private static (byte[] File, double Psnr) Coded(Signal image, CompressedFourierOptions options)
    {
        using var fitter = new CompressedFourierFitter(options);
        using var fit = fitter.Fit(image);
        using var file = new MemoryStream();
        fit.Representation.Save(file);
        return (file.ToArray(), Decoded(image, file.ToArray()));
    }

    private static double Decoded(Signal image, byte[] file)
    {
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(file));
        using var picture = loaded.Render();
        return Psnr.Of8Bit(image, picture);
    }

    private static void Lossless(string[] images, int threads)
    {
        Console.WriteLine($"\n{images.Length} images; bits of whole files a pixel; a reader must make the same picture; {threads} threads\n");
        var table = new StudyTable("image", "bytes", "bits a pixel", "same", "encode s", "decode ms");
        var sums = new double[3];
        foreach (string path in images)
        {
            using var image = ImageSignal.Load(path);
            var (bytes, psnr, encode, decode) = Measure(image, new CompressedFourierOptions { Lossless = true, Threads = threads });
            double[] row = [8.0 * bytes / image.SampleCount, encode, decode];
            table.Add(Path.GetFileNameWithoutExtension(path), $"{bytes}", $"{row[0]:F4}", double.IsPositiveInfinity(psnr) ? "yes" : "NO", $"{encode:F2}", $"{1000 * decode:F0}");
            for (int k = 0; k < row.Length; k++)
                sums[k] += row[k] / images.Length;
        }

        table.Add("**mean**", "", $"{sums[0]:F4}", "", $"{sums[1]:F2}", $"{1000 * sums[2]:F0}");
    }


    private static void Run(string[] images, double[] steps, double[] rates, int threads)
    {
        Console.WriteLine($"\n{images.Length} images; bits of whole files a pixel; PSNR of RGB in 8 bits, read back from the bytes; {threads} threads\n");
        var table = new StudyTable("image", "step", "bytes", "bits a pixel", "PSNR", "encode s", "decode ms");
        var sums = steps.Select(_ => new double[4]).ToArray();
        foreach (string path in images)
        {
            using var image = ImageSignal.Load(path);
            for (int i = 0; i < steps.Length; i++)
            {
                var (bytes, psnr, encode, decode) = Measure(image, new CompressedFourierOptions { Step = steps[i] / 255, Threads = threads });
                double bits = 8.0 * bytes / image.SampleCount;
                table.Add(Path.GetFileNameWithoutExtension(path), $"{steps[i]}", $"{bytes}", $"{bits:F4}", $"{psnr:F2}", $"{encode:F2}", $"{1000 * decode:F0}");
                double[] row = [bits, psnr, encode, decode];
                for (int k = 0; k < row.Length; k++)
                    sums[i][k] += row[k] / images.Length;
            }
        }

        for (int i = 0; i < steps.Length; i++)
            table.Add("**mean**", $"{steps[i]}", "", $"{sums[i][0]:F4}", $"{sums[i][1]:F2}", $"{sums[i][2]:F2}", $"{1000 * sums[i][3]:F0}");
        Console.WriteLine();
        var at = new StudyTable("bits a pixel", "PSNR");
        foreach (double rate in rates)
            at.Add($"{rate}", $"{Interpolate([.. sums.Select(s => (Math.Log(s[0]), s[1])).Order()], Math.Log(rate)):F2}");
    }

    private static (long Bytes, double Psnr, double Encode, double Decode) Measure(Signal image, CompressedFourierOptions options)
    {
        using var fitter = new CompressedFourierFitter(options);
        var clock = Stopwatch.StartNew();
        using var fit = fitter.Fit(image);
        using var file = new MemoryStream();
        fit.Representation.Save(file);
        double encode = clock.Elapsed.TotalSeconds;
        var (psnr, seconds) = (0.0, new double[Decodings]);
        for (int i = 0; i < seconds.Length; i++)
        {
            file.Position = 0;
            clock.Restart();
            using var loaded = ImplicitRepresentation.Load(file);
            using var picture = loaded.Render();
            seconds[i] = clock.Elapsed.TotalSeconds;
            psnr = Psnr.Of8Bit(image, picture);
        }

        return (file.Length, psnr, encode, new Distribution(seconds).Median);
    }

    // On the line through the two points around it; NaN outside of all.
    private static double Interpolate((double X, double Y)[] points, double x)
    {
        for (int i = 1; i < points.Length; i++)
        {
            if (x >= points[i - 1].X && x <= points[i].X)
                return points[i - 1].Y + ((points[i].Y - points[i - 1].Y) * (x - points[i - 1].X) / (points[i].X - points[i - 1].X));
        }

        return double.NaN;
    }

    private static string[] Images(string path) => Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "*.png").Order(StringComparer.Ordinal)] : [path];
}
