using Inr.Testing;

namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>The closed forms, each with a small signal: one row for each way through the code.</summary>
public static class ClosedFormTable
{
    private static readonly Dictionary<string, (Func<Signal> Signal, Func<ISignalFitter> Fitter)> Rows = new()
    {
        ["piecewise"] = (Picture, () => Piecewise(new() { FloatBudget = 900 })),
        ["piecewise, refined"] = (Picture, () => Piecewise(new() { FloatBudget = 900, Refine = true })),
        ["piecewise, curved cuts"] = (Picture, () => Piecewise(new() { FloatBudget = 900, CurvedCuts = true })),
        ["piecewise, few floats"] = (Picture, () => Piecewise(new() { FloatBudget = 30 })),
        ["piecewise, sound"] = (Sound, () => Piecewise(new() { FloatBudget = 300 })),
        ["piecewise, noisy"] = (Picture, () => Piecewise(new() { FloatBudget = 400, Denoise = true })),
        ["piecewise, scattered"] = (Scattered, () => Piecewise(new() { FloatBudget = 300 })),
        ["power diagram"] = (Picture, () => Piecewise(new() { FloatBudget = 500, Partition = PartitionKind.PowerDiagram, Cells = 12 })),
        ["level sets"] = (Picture, () => Piecewise(new() { FloatBudget = 500, Partition = PartitionKind.LevelSet, Cells = 2 })),
        ["cut grid"] = (Picture, () => Piecewise(new() { FloatBudget = 500, Partition = PartitionKind.CutGrid, Cells = 3 })),
        ["coded"] = (Picture, () => new CompressedFourierFitter(new CompressedFourierOptions { Threads = 2 })),
        ["coded, to a size"] = (Picture, () => new CompressedFourierFitter(new CompressedFourierOptions { FileBytes = 700, Threads = 2 })),
        ["coded, sound"] = (Sound, () => new CompressedFourierFitter(new CompressedFourierOptions { Psnr = 50, Threads = 2 })),
        ["block cosine"] = (Picture, () => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 900 })),
        ["global cosine"] = (Picture, () => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 500, Global = true })),
        ["global cosine, sound"] = (Sound, () => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 500, Global = true })),
    };

    /// <summary>The names of the rows, as xunit wants them.</summary>
    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>The signal and the fitter of a row.</summary>
    public static (Signal Signal, ISignalFitter Fitter) Get(string name) => (Rows[name].Signal(), Rows[name].Fitter());

    /// <summary>The numbers that a row may store.</summary>
    public static int Budget(string name) => name switch
    {
        "piecewise, few floats" => 30,
        "piecewise, sound" or "piecewise, scattered" => 300,
        "piecewise, noisy" => 400,
        "power diagram" or "level sets" or "cut grid" or "global cosine" or "global cosine, sound" => 500,
        _ => 900,
    };

    private static PiecewiseFourierFitter Piecewise(PiecewiseFourierOptions options) => new(options with { Threads = 2 });

    // Neither side is a multiple of a box, so that edges are clipped.
    private static Signal Picture() => FitterContract.TestImage(50, 67);

    private static Signal Scattered()
    {
        using var picture = FitterContract.TestImage(40, 40, 1);
        return picture.Split(0.5).Context;
    }

    private static Signal Sound()
    {
        var values = new float[3001];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(0.4 * Math.Sin(i * 0.02) * Math.Cos(i * 0.0031));
        return Signal.FromGrid(values, [values.Length], 1);
    }
}
