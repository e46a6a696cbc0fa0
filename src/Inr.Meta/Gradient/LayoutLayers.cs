namespace Inr.Meta;

/// <summary>Groups the parameters of a layout into layers: those whose names share everything before the last dot.</summary>
internal static class LayoutLayers
{
    /// <summary>The trainable parameters of each layer, as places in the layout, in its order.</summary>
    public static IReadOnlyList<int[]> Of(ParameterLayout layout) =>
        [.. Enumerable.Range(0, layout.Count).Where(i => layout[i].IsTrainable).GroupBy(i => Prefix(layout[i].Name)).Select(g => g.ToArray())];

    /// <summary>The layers that have exactly one weight matrix and one bias, as places in the layout.</summary>
    public static IReadOnlyList<(int Weight, int Bias)> Dense(ParameterLayout layout)
    {
        var result = new List<(int Weight, int Bias)>();
        foreach (int[] layer in Of(layout))
        {
            if (layer.Length == 2 && layout[layer[0]].Role == ParameterRole.Weight && layout[layer[1]].Role == ParameterRole.Bias)
                result.Add((layer[0], layer[1]));
        }

        return result;
    }

    private static string Prefix(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[..dot] : name;
}
