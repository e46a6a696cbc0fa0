using System.Diagnostics;
using System.Globalization;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Fitting;

/// <summary>
/// <c>closed-form PICTURE [--floats 272700] [--threads 2] [--rounds 5]</c>: the first piecewise Fourier fit of a process and later ones,
/// and the speed of what comes out, on the grid and at scattered points.
/// </summary>
/// <remarks>The first fit is the only one that a user of the command line ever sees: run the command several times for its median.</remarks>
internal static class ClosedFormReport
{
    private const int ScatteredPoints = 1 << 20;

    /// <summary>Measures and prints a table; wall time, and in brackets that of all processors.</summary>
    /// <exception cref="ArgumentException">No picture is named.</exception>
    public static void Run(string[] arguments)
    {
        if (arguments is not [var picture, ..])
            throw new ArgumentException("Name a picture: closed-form PICTURE [--floats N] [--threads N] [--rounds N].", nameof(arguments));
        int Option(string name, int otherwise) => Array.IndexOf(arguments, name) is >= 0 and var i && i + 1 < arguments.Length ? int.Parse(arguments[i + 1], CultureInfo.InvariantCulture) : otherwise;
        int floats = Option("--floats", 272_700), rounds = Option("--rounds", 5), threads = Option("--threads", 2);
        TorchRuntime.Threads = threads;
        using var image = ImageSignal.Load(picture, new ImageLoadOptions { Channels = 3 });
        using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = floats, Threads = threads });
        string Fits(double wall, double processors) => string.Create(CultureInfo.InvariantCulture, $"{wall / 1000:0.00} s ({processors / 1000:0.00})");
        string Renders(double wall, double processors) => string.Create(CultureInfo.InvariantCulture, $"{wall:0.00} ms ({processors:0.00})");
        FitResult? result = null;
        void Fit()
        {
            result?.Dispose();
            result = fitter.Fit(image);
        }

        var first = Time(Fit);
        var later = Median(rounds, Fit);
        using var points = rand([ScatteredPoints, 2], generator: new Generator(1)) * 2 - 1;
        var bound = result!.Representation;
        int[] shape = [.. image.Domain.GridShape];
        void Grid() => bound.Render(shape).Dispose();
        void Points() => bound.Evaluate(points).Dispose();
        var grid = Median(4 * rounds, Grid);
        var scattered = Median(rounds, Points);
        Console.WriteLine($"{image}, {floats} floats, {threads} threads: {result.Psnr:0.000} dB. Wall time, in brackets that of all processors; medians of {rounds} but for the first fit.");
        Console.WriteLine("| what | time |\n|---|---|");
        Console.WriteLine($"| first fit of the process | {Fits(first.Wall, first.Processors)} |");
        Console.WriteLine($"| later fits | {Fits(later.Wall, later.Processors)} |");
        Console.WriteLine($"| render on the grid | {Renders(grid.Wall, grid.Processors)} |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| scattered points | {Renders(scattered.Wall, scattered.Processors)} = {ScatteredPoints / scattered.Wall / 1000:0.0} M points/s |"));
        result.Dispose();
    }

    private static (double Wall, double Processors) Time(Action work)
    {
        var processors = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - processors).TotalMilliseconds);
    }

    private static (double Wall, double Processors) Median(int rounds, Action work)
    {
        work();
        var times = Enumerable.Range(0, rounds).Select(_ => Time(work)).ToList();
        return (times.Select(t => t.Wall).Order().ElementAt(rounds / 2), times.Select(t => t.Processors).Order().ElementAt(rounds / 2));
    }
}
