using Inr;

namespace Tasks;

/// <summary>A photo as a function: fitted in closed form, saved, rendered larger, and a part of it magnified.</summary>
public static class Picture
{
    public static void Run(string folder)
    {
        using var photo = ImageSignal.Load(Path.Combine(AppContext.BaseDirectory, "photo.png"));
        using var inr = InrBuilder.ForImages(channels: 3).UsePiecewiseFourier(o => o with { FloatBudget = 40_000 }).Build();
        using var fit = inr.Fit(photo);
        Console.WriteLine($"{fit.Psnr:0.00} dB with {fit.Representation.FloatCount:N0} numbers, {fit.Representation.BitCount / 8:N0} bytes");

        fit.Representation.Save(Path.Combine(folder, "photo.inr"));
        using var large = fit.Representation.Render(2 * photo.Height(), 2 * photo.Width());
        large.SavePng(Path.Combine(folder, "photo-2x.png"));
        // Rows and columns from -1 to 1: the middle of the picture, four times as large.
        using var middle = fit.Representation.Render([photo.Height(), photo.Width()], [(-0.25, 0.25), (-0.25, 0.25)]);
        middle.SavePng(Path.Combine(folder, "photo-middle.png"));
    }
}
