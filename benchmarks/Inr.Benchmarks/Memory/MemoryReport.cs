using System.Diagnostics;
using System.Globalization;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Benchmarks.Memory;

/// <summary>The peak memory of loading a large picture and starting to fit it, beside the size of its values in float32.</summary>
internal static class MemoryReport
{
    private const int Steps = 3;

    private static readonly string[] Works = ["load", "siren", "block-cosine"];

    /// <summary>Runs <c>memory [WIDTH HEIGHT] [FILE…]</c>: generated pictures of a size, 6000×4000 by default, or given files.</summary>
    public static void Run(string[] arguments)
    {
        if (arguments is ["one", var one, var path])
        {
            Console.WriteLine(One(one, path).ToString(CultureInfo.InvariantCulture));
            return;
        }

        bool sized = arguments.Length >= 2 && int.TryParse(arguments[0], CultureInfo.InvariantCulture, out _);
        var (width, height) = sized ? (int.Parse(arguments[0], CultureInfo.InvariantCulture), int.Parse(arguments[1], CultureInfo.InvariantCulture)) : (6000, 4000);
        string[] files = sized ? arguments[2..] : arguments;
        string folder = Directory.CreateTempSubdirectory("inr-memory-").FullName;
        try
        {
            if (files.Length == 0)
            {
                files = [Path.Combine(folder, "picture.png"), Path.Combine(folder, "picture.jpg"), Path.Combine(folder, "progressive.jpg")];
                LargePicture.WritePng(files[0], width, height);
                LargePicture.WriteJpeg(files[1], width, height);
                LargePicture.WriteJpeg(files[2], width, height, progressive: true);
            }

            Console.WriteLine("Peak memory beyond the loaded libraries, in MB and as a multiple of the picture in float32.");
            Console.WriteLine("| picture | work | MB | × float size |\n|---|---|---|---|");
            foreach (string file in files)
            {
                long floats;
                using (var picture = ImageSignal.Load(file))
                    floats = 4 * picture.Values.numel();
                foreach (string work in Works)
                {
                    long bytes = InProcess(work, file);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileName(file)} | {work} | {bytes / 1e6:0} | {(double)bytes / floats:0.00} |"));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A process of its own each time: what an earlier one freed would be there for the next to use.
    private static long InProcess(string work, string file)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["memory", "one", work, file]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? long.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Measuring '{work}' of '{file}' failed.");
    }

    private static long One(string work, string path)
    {
        var peak = PeakMemory.Start();
        using var picture = ImageSignal.Load(path);
        if (work != "load")
        {
            var builder = InrBuilder.ForImages(picture.Channels);
            builder = work == "siren"
                ? builder.UseSiren(o => o with { Width = 64, HiddenLayers = 1 }).FitWith(o => o with { Steps = Steps, BatchSize = 8192 })
                : builder.UseBlockCosine(o => o with { FloatBudget = (int)(picture.SampleCount / 4) });
            using var fitter = builder.Build();
            fitter.Fit(picture).Dispose();
        }

        return peak.Bytes;
    }
}
