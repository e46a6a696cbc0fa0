using Inr.Parameterizations;

namespace Inr.Evaluation;

/// <summary>The sets of a target function that divides its domain, drawn over its picture.</summary>
internal static class PartitionMap
{
    private static readonly float[] BorderColor = [1, 0.85f, 0.3f];

    /// <summary>The number of the set of each pixel, in the caller's dispose scope; null where there are no sets, or one only.</summary>
    /// <param name="representation">A fitted image.</param>
    /// <param name="height">Rows to draw.</param>
    /// <param name="width">Columns to draw.</param>
    /// <returns>Shape [height,width].</returns>
    public static Tensor? Labels(ImplicitRepresentation representation, int height, int width) => representation.Target switch
    {
        PiecewiseFourierTarget target => target.LocateRegions(representation.Parameters, CoordinateGrid.Create([height, width])).reshape(height, width),
        BlockCosineTarget { Description.Kind: BlockCosineTarget.Kind } target => Blocks(target, height, width),
        _ => null,
    };

    /// <summary>The number of sets.</summary>
    public static long Count(ImplicitRepresentation representation) => representation.Target switch
    {
        PiecewiseFourierTarget target => target.Layout["prefixes"].Count,
        BlockCosineTarget target => target.Layout["prefixes"].Shape[0],
        _ => 1,
    };

    /// <summary>Borders between sets on the darkened picture.</summary>
    /// <param name="labels">Shape [height,width].</param>
    /// <param name="picture">Shape [height,width,3].</param>
    public static Tensor Draw(Tensor labels, Tensor picture)
    {
        long height = labels.shape[0];
        long width = labels.shape[1];
        var border = zeros_like(labels, ScalarType.Bool);
        border.narrow(0, 0, height - 1).logical_or_(labels.narrow(0, 0, height - 1).ne(labels.narrow(0, 1, height - 1)));
        border.narrow(1, 0, width - 1).logical_or_(labels.narrow(1, 0, width - 1).ne(labels.narrow(1, 1, width - 1)));
        return where(border.unsqueeze(2), tensor(BorderColor), picture.clamp(0, 1) * 0.6);
    }

    private static Tensor Blocks(BlockCosineTarget target, int height, int width)
    {
        var options = target.Description.Options;
        int side = (int)options["side"]!;
        int[] grid = [.. options["grid"]!.AsArray().Select(n => (int)n!)];
        var rows = (arange(height, dtype: int64) * grid[0] / height / side).floor();
        var columns = (arange(width, dtype: int64) * grid[1] / width / side).floor();
        return (rows.unsqueeze(1) * (grid[1] + 1)) + columns.unsqueeze(0);
    }
}
