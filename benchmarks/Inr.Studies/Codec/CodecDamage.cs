using System.Diagnostics;
using Inr.Files;
using Inr.Parameterizations;

namespace Inr.Studies;

/// <summary>Cuts coded files everywhere and changes each of their bits: every one must be refused, or be a picture of the size that it says, in time and in memory that are in proportion.</summary>
internal static class CodecDamage
{
    // The tables of contexts do not grow with the picture.
    private const long Tables = 24 << 20;

    private const double MostSeconds = 1;

    /// <summary>Damages fifty small files of many kinds.</summary>
    /// <param name="count">Files.</param>
    /// <param name="side">The longer side of the largest picture.</param>
    public static void Run(int count, int side)
    {
        Console.WriteLine($"\n{count} files; every length and every bit; memory beyond 4 times the values of the picture and {Tables >> 20} MiB, or more than {MostSeconds} s, is a failure\n");
        var table = new StudyTable("file", "bytes", "trials", "refused", "pictures", "slowest s", "failures");
        long[] sums = new long[5];
        for (int i = 0; i < count; i++)
        {
            var (name, file) = Make(i, side);
            var result = new Tally();
            for (int length = 0; length < file.Length; length++)
                Try(file[..length], result);
            for (int bit = 0; bit < 8 * file.Length; bit++)
            {
                byte[] changed = [.. file];
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                Try(changed, result);
            }

            table.Add(name, $"{file.Length}", $"{result.Refused + result.Pictures + result.Failures}", $"{result.Refused}", $"{result.Pictures}", $"{result.Slowest:F2}", $"{result.Failures}");
            long[] row = [file.Length, result.Refused + result.Pictures + result.Failures, result.Refused, result.Pictures, result.Failures];
            for (int k = 0; k < row.Length; k++)
                sums[k] += row[k];
        }

        table.Add("**all**", $"{sums[0]}", $"{sums[1]}", $"{sums[2]}", $"{sums[3]}", "", $"{sums[4]}");
    }

    private static void Try(byte[] file, Tally tally)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), values = 0;
        var clock = Stopwatch.StartNew();
        bool isPicture = false, isGood = true;
        try
        {
            using var loaded = ImplicitRepresentation.Load(new MemoryStream(file));
            values = loaded.Domain.SampleCount * loaded.Target.OutputDimension;
            using var picture = loaded.Render();
            isPicture = true;
            isGood = picture.SampleCount == loaded.Domain.SampleCount;
        }
        catch (InrFileException)
        {
            // Refused.
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or OutOfMemoryException or NullReferenceException)
        {
            Console.Error.WriteLine(e);
            isGood = false;
        }

        double seconds = clock.Elapsed.TotalSeconds;
        isGood &= seconds < MostSeconds && GC.GetAllocatedBytesForCurrentThread() - before < Tables + (4 * sizeof(float) * values);
        tally.Slowest = Math.Max(tally.Slowest, seconds);
        if (!isGood)
            tally.Failures++;
        else if (isPicture)
            tally.Pictures++;
        else
            tally.Refused++;
    }

    // Grey, two values, color, color and transparency; pictures and sounds; 8 and 16 bits and none; smooth, drawn, noise and flat; coarse, fine, lossless and in layers.
    private static (string Name, byte[] File) Make(int index, int side)
    {
        var random = new Random(index);
        int channels = 1 + (index % 4), bits = (index / 4 % 3) switch { 0 => 8, 1 => 16, _ => 0 };
        bool isLine = index % 10 == 9;
        int height = isLine ? 1 : 1 + random.Next(side), width = isLine ? 20 * side : 1 + random.Next(side);
        string kind = (index / 2 % 4) switch { 0 => "smooth", 1 => "drawn", 2 => "noise", _ => "flat" };
        double most = bits == 0 ? 0 : (1 << bits) - 1;
        double[] colors = [.. Enumerable.Range(0, 8 * channels).Select(_ => random.NextDouble())];
        var values = new float[height * width * channels];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i % channels, x = i / channels % width, y = i / channels / width;
            double value = kind switch
            {
                "smooth" => 0.5 + (0.2 * Math.Sin((0.21 * x) + (0.13 * y * (c + 1)))) + (x > y ? 0.1 : 0) + (0.02 * random.NextDouble()),
                "drawn" => colors[((((x / 3) ^ (y / 5)) & 7) * channels) + c],
                "noise" => random.NextDouble(),
                _ => colors[c],
            };
            values[i] = (float)(most == 0 ? value : Math.Round(value * most) / most);
        }

        using var signal = Signal.FromGrid(values, isLine ? [width] : [height, width], channels);
        bool isLossless = most > 0 && !isLine && index % 5 == 1;
        int refinements = !isLossless && index % 6 == 4 ? 1 + (index % 3) : 0;
        double quality = 25 + (5 * (index % 7));
        using var fitter = new CompressedFourierFitter(new CompressedFourierOptions { Quality = quality, Lossless = isLossless, Refinements = refinements, Threads = 1 });
        using var fit = fitter.Fit(signal);
        using var file = new MemoryStream();
        fit.Representation.Save(file);
        return ($"{kind} {string.Join('×', isLine ? [width] : [height, width])}×{channels}, {bits} bits, {(isLossless ? "lossless" : $"quality {quality}, {refinements} layers")}", file.ToArray());
    }

    private sealed class Tally
    {
        public int Refused { get; set; }

        public int Pictures { get; set; }

        public int Failures { get; set; }

        public double Slowest { get; set; }
    }
}
