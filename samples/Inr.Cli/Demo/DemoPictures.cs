using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Evaluation;
using TorchSharp;

namespace Inr.Cli.Demo;

/// <summary>The pictures of the demo: each reconstruction, all beside the original, and a zoom beyond the pixels.</summary>
internal sealed class DemoPictures
{
    private const int Gap = 8;
    private const int Zoom = 8;

    // The left eye of the cat, in pixels of the photo.
    private const int EyeTop = 66;
    private const int EyeLeft = 108;
    private const int EyeHeight = 56;
    private const int EyeWidth = 72;

    private readonly Signal _photo;
    private readonly string _folder;

    /// <param name="photo">The original.</param>
    /// <param name="folder">Where the pictures go.</param>
    public DemoPictures(Signal photo, string folder)
    {
        _photo = photo;
        _folder = folder;
    }

    /// <summary>Writes a reconstruction.</summary>
    public void WriteReconstruction(FitOutcome outcome) => outcome.Rendered.SavePng(PathOf(outcome.Row.Target!));

    /// <summary>Writes the original and all reconstructions in rows of two.</summary>
    public void WriteSideBySide(IReadOnlyList<FitOutcome> outcomes)
    {
        int height = _photo.Height();
        int width = _photo.Width();
        int rows = (outcomes.Count + 2) / 2;
        int cellHeight = Canvas.LabelHeight + height + Gap;
        var canvas = new Canvas(Gap + rows * cellHeight, Gap + 2 * (width + Gap));
        for (int i = 0; i <= outcomes.Count; i++)
        {
            int top = Gap + i / 2 * cellHeight;
            int left = Gap + i % 2 * (width + Gap);
            var row = i == 0 ? null : outcomes[i - 1].Row;
            canvas.Write(row is null ? "original" : $"{row.Target}, {Text.Decibels(row.Psnr)} dB", top, left);
            canvas.Draw(i == 0 ? _photo : outcomes[i - 1].Rendered, top + Canvas.LabelHeight, left);
        }

        canvas.Save(PathOf("side-by-side"));
    }

    /// <summary>Writes a detail as pixels and as functions see it, all eight times as large.</summary>
    public void WriteZoom(IReadOnlyList<FitOutcome> shown)
    {
        int height = EyeHeight * Zoom;
        int width = EyeWidth * Zoom;
        var canvas = new Canvas(2 * Gap + Canvas.LabelHeight + height, Gap + (1 + shown.Count) * (width + Gap));
        canvas.Write($"pixels, {Zoom} times", Gap, Gap);
        canvas.DrawEnlarged(_photo, EyeTop, EyeLeft, EyeHeight, EyeWidth, Zoom, Gap + Canvas.LabelHeight, Gap);
        for (int i = 0; i < shown.Count; i++)
        {
            int left = Gap + (i + 1) * (width + Gap);
            using var detail = RenderEye(shown[i].Result.Representation, height, width);
            canvas.Write($"{shown[i].Row.Target}, rendered {Zoom} times", Gap, left);
            canvas.Draw(detail, Gap + Canvas.LabelHeight, left);
        }

        canvas.Save(PathOf("zoom"));
    }

    private Signal RenderEye(ImplicitRepresentation representation, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        var coordinates = CoordinateGrid.Create(
            [height, width],
            [Interval(EyeTop, EyeHeight, _photo.Height()), Interval(EyeLeft, EyeWidth, _photo.Width())],
            representation.Parameters.Device);
        var values = representation.Evaluate(coordinates).to(torch.CPU);
        return Signal.FromGrid(values, [height, width]);
    }

    // Pixels first … first + count of n, as the part of [-1,1] that their cells cover.
    private static (double Low, double High) Interval(int first, int count, int n) => (2.0 * first / n - 1, 2.0 * (first + count) / n - 1);

    private string PathOf(string name) => Path.Combine(_folder, name + ".png");
}
