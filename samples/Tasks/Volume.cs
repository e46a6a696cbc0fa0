using Inr;
using Inr.Files;

namespace Tasks;

/// <summary>A volume of an array file: fitted in closed form, and a slice of it as a picture.</summary>
public static class Volume
{
    public static void Run(string folder)
    {
        // A ball in a box of 24×24×24, as NumPy would save it.
        string path = Path.Combine(folder, "volume.npy");
        using (NewDisposeScope())
            Npy.Save(path, (0.6 - CoordinateGrid.Create([24, 24, 24]).norm(1, false, 2)).clamp(0, 1).reshape(24, 24, 24));

        using var values = Npy.Load(path);
        using var volume = Signal.FromGrid(values.unsqueeze(3), [24, 24, 24]);
        using var inr = InrBuilder.ForSignals(inputDimension: 3, outputDimension: 1).UsePiecewiseFourier(o => o with { FloatBudget = 1_000 }).Build();
        using var fit = inr.Fit(volume);
        Console.WriteLine($"{fit.Psnr:0.00} dB with {fit.Representation.FloatCount} numbers for {volume.SampleCount}");

        // All rows and columns in the plane through the middle of the first axis.
        using var places = CoordinateGrid.Create([1, 96, 96], [(0, 0), (-1, 1), (-1, 1)]);
        using var slice = fit.Representation.Evaluate(places);
        using var picture = Signal.FromGrid(slice, [96, 96]);
        picture.SavePng(Path.Combine(folder, "slice.png"));
    }
}
