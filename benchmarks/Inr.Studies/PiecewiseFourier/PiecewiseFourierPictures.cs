using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

/// <summary>Draws the learned sets and low-budget reconstructions side by side.</summary>
internal static class PiecewiseFourierPictures
{
    private const int Side = 256;

    private const int SirenSteps = 1500;

    /// <summary>Writes <c>piecewise-NAME.png</c>: original, SIREN, block cosines, piecewise Fourier, its sets.</summary>
    public static void Run(string path, int floats, string folder)
    {
        using var scope = torch.NewDisposeScope();
        using var image = ImageSignal.Load(path, new ImageLoadOptions { Size = new ImageSize(Side, Side), CenterCrop = true, Channels = 3 });
        using var piecewise = Fit(image, InrBuilder.ForImages().UsePiecewiseFourier(o => o with { FloatBudget = floats }));
        using var blocks = Fit(image, InrBuilder.ForImages().UseBlockCosine(o => o with { FloatBudget = floats }));
        int width = SirenWidth(floats);
        using var siren = Fit(image, InrBuilder.ForImages().UseSiren(o => o with { Width = width }).FitWith(o => o with { Steps = SirenSteps, BatchSize = 16384, LearningRate = 1e-3 }));
        var table = new StudyTable("picture", "SIREN", "block-cosine", "piecewise-fourier");
        table.Add($"{Path.GetFileNameWithoutExtension(path)}, {Side}×{Side}", $"{siren.Psnr:F2} dB, {siren.Representation.FloatCount} floats", $"{blocks.Psnr:F2} dB, {blocks.Representation.FloatCount} floats", $"{piecewise.Psnr:F2} dB, {piecewise.Representation.FloatCount} floats");
        var panels = new[] { Pixels(image), Rendered(siren), Rendered(blocks), Rendered(piecewise), Sets(image, piecewise.Representation) };
        using var sheet = Signal.FromGrid(torch.cat(panels, 1).contiguous(), [Side, Side * panels.Length]);
        Directory.CreateDirectory(folder);
        sheet.SavePng(Path.Combine(folder, $"piecewise-{Path.GetFileNameWithoutExtension(path)}.png"));
    }

    private static FitResult Fit(Signal image, InrBuilder builder)
    {
        using var fitter = builder.Build();
        return fitter.Fit(image);
    }

    // The widest 3-hidden-layer SIREN within the budget.
    private static int SirenWidth(int floats)
    {
        int width = 1;
        while ((3L * (width + 1) * (width + 1)) + (10L * (width + 1)) + 3 <= floats)
            width++;
        return width;
    }

    private static torch.Tensor Pixels(Signal image) => image.Values.reshape(Side, Side, 3);

    private static torch.Tensor Rendered(FitResult result)
    {
        using var rendered = result.Representation.Render();
        return Pixels(rendered).clamp(0, 1);
    }

    // Light borders between the sets on the darkened picture.
    private static torch.Tensor Sets(Signal image, ImplicitRepresentation representation)
    {
        var labels = ((PiecewiseFourierTarget)representation.Target).LocateRegions(representation.Parameters, image.Coordinates).reshape(Side, Side);
        var border = torch.zeros_like(labels, torch.ScalarType.Bool);
        border.narrow(0, 0, Side - 1).logical_or_(labels.narrow(0, 0, Side - 1).ne(labels.narrow(0, 1, Side - 1)));
        border.narrow(1, 0, Side - 1).logical_or_(labels.narrow(1, 0, Side - 1).ne(labels.narrow(1, 1, Side - 1)));
        using var rendered = representation.Render();
        var dark = Pixels(rendered).clamp(0, 1) * 0.6;
        return torch.where(border.unsqueeze(2), torch.tensor(new[] { 1f, 0.85f, 0.3f }), dark);
    }
}
