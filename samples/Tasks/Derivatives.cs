using Inr;

namespace Tasks;

/// <summary>The slope of a picture at any place: how fast each channel changes along rows and columns.</summary>
public static class Derivatives
{
    public static void Run(string folder)
    {
        using var photo = ImageSignal.Load(Path.Combine(AppContext.BaseDirectory, "photo.png"), new ImageLoadOptions { Channels = 1, Size = new ImageSize(96, 96) });
        using var inr = InrBuilder.ForImages(channels: 1).UsePiecewiseFourier(o => o with { FloatBudget = 2_000 }).Build();
        using var fit = inr.Fit(photo);
        using var places = CoordinateGrid.Create([192, 192]);
        // [samples, channels, axes]
        using var slopes = fit.Representation.Jacobian(places);
        using var steepness = slopes.norm(2, false, 2) / 20;
        using var edges = Signal.FromGrid(steepness, [192, 192]);
        edges.SavePng(Path.Combine(folder, "edges.png"));
        Console.WriteLine($"the steepest place has a slope of {20 * steepness.max().item<float>():0.0} per unit of the coordinate");
    }
}
