namespace Inr.Evaluation;

/// <summary>Colours of errors: from near black over purple and orange to pale yellow, lighter is worse, readable without colour vision.</summary>
internal static class ErrorColors
{
    // Stops at equal distances, with evenly rising lightness.
    private static readonly float[] Stops =
    [
        0.02f, 0.02f, 0.06f,
        0.22f, 0.06f, 0.37f,
        0.50f, 0.13f, 0.42f,
        0.78f, 0.23f, 0.31f,
        0.95f, 0.44f, 0.16f,
        0.98f, 0.70f, 0.22f,
        0.99f, 0.98f, 0.72f,
    ];

    /// <summary>The same colours as a gradient of the style sheet.</summary>
    public static string Gradient { get; } = "linear-gradient(90deg," +
        string.Join(',', Stops.Chunk(3).Select(c => $"rgb({string.Join(' ', c.Select(v => (int)Math.Round(v * 255)))})")) + ")";

    /// <summary>Colours of numbers.</summary>
    /// <param name="errors">Shape [height,width], at least 0.</param>
    /// <param name="largest">The number of the last colour; larger ones share it.</param>
    /// <returns>Shape [height,width,3].</returns>
    public static Tensor Map(Tensor errors, double largest)
    {
        int last = (Stops.Length / 3) - 1;
        var place = (errors / Math.Max(largest, 1e-12)).clamp(0, 1) * last;
        var below = place.floor().clamp(0, last - 1);
        var between = (place - below).unsqueeze(2);
        var table = tensor(Stops, [last + 1, 3]);
        var index = below.to(int64).flatten();
        long[] shape = [errors.shape[0], errors.shape[1], 3];
        var low = table.index_select(0, index).reshape(shape);
        var high = table.index_select(0, index + 1).reshape(shape);
        return low + ((high - low) * between);
    }
}
