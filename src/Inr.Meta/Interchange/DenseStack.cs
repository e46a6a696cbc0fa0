using System.Globalization;
using Inr.Files;

namespace Inr.Meta;

/// <summary>The dense layers of a perceptron's state dict, in the order in which they are applied.</summary>
/// <remarks>
/// Codes name their layers differently: <c>net.0.linear.weight</c> … <c>net.4.weight</c> (the official SIREN notebook),
/// <c>net.net.0.0.weight</c> (the official SIREN code), <c>layers.0.weight</c> … <c>last_layer.weight</c>, <c>0.weight</c>,
/// <c>2.weight</c> of a <c>Sequential</c>. The numbers in a name give the order, layers that are called the last or the first
/// stand there, and the shapes must then chain.
/// </remarks>
internal static class DenseStack
{
    private const string Weight = "weight";
    private const string Bias = "bias";
    private const int LongestList = 12;

    private static readonly string[] FirstNames = ["first", "first_layer", "input", "input_layer", "fc_in", "layer_in"];
    private static readonly string[] LastNames = ["last", "last_layer", "final", "final_layer", "final_linear", "output", "output_layer", "out", "fc_out", "layer_out", "head"];

    /// <summary>Finds the layers.</summary>
    /// <param name="shapes">Names and shapes of a state dict.</param>
    /// <exception cref="FormatException">There is a tensor that belongs to no dense layer, or the shapes do not chain; the message lists what was found.</exception>
    public static IReadOnlyList<DenseLayer> Find(IReadOnlyDictionary<string, long[]> shapes)
    {
        var strange = shapes.Where(p => !IsPart(p.Key, p.Value)).Select(p => p.Key).ToArray();
        string[] names = [.. shapes.Keys.Where(n => Last(n) == Weight).Select(Stem).Order(Comparer<string>.Create(Compare))];
        string[] lost = [.. shapes.Keys.Where(n => Last(n) == Bias && !names.Contains(Stem(n)))];
        if (strange.Length + lost.Length > 0 || names.Length == 0)
            throw Wrong(shapes, $"{List([.. strange, .. lost])} {(strange.Length + lost.Length == 1 ? "is" : "are")} no weight or bias of a dense layer");

        var layers = names.Select(stem =>
        {
            string weight = Join(stem, Weight);
            string bias = Join(stem, Bias);
            return new DenseLayer(weight, shapes.ContainsKey(bias) ? bias : null, shapes[weight][1], shapes[weight][0]);
        }).ToArray();
        foreach (var layer in layers)
        {
            if (layer.BiasName is { } bias && shapes[bias][0] != layer.Outputs)
                throw Wrong(shapes, $"{bias} has {shapes[bias][0]} numbers where its layer has {layer.Outputs} outputs");
        }

        for (int i = 1; i < layers.Length; i++)
        {
            if (layers[i].Inputs != layers[i - 1].Outputs)
                throw Wrong(shapes, $"{layers[i].WeightName} takes {layers[i].Inputs} numbers, but {layers[i - 1].WeightName} before it gives {layers[i - 1].Outputs}");
        }

        return layers;
    }

    private static bool IsPart(string name, long[] shape) =>
        Last(name) switch { Weight => shape.Length == 2 && shape.All(n => n is > 0 and <= int.MaxValue), Bias => shape.Length == 1, _ => false };

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string Stem(string name) => name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : "";

    private static string Join(string stem, string part) => stem.Length == 0 ? part : $"{stem}.{part}";

    // Part by part: numbers by value, words by code point, and those that say where they stand first or last.
    private static int Compare(string a, string b)
    {
        string[] x = a.Split('.');
        string[] y = b.Split('.');
        for (int i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            int order = Place(x[i]).CompareTo(Place(y[i]));
            if (order == 0)
                order = string.CompareOrdinal(x[i], y[i]);
            if (order != 0)
                return order;
        }

        return x.Length.CompareTo(y.Length);
    }

    private static (int, long) Place(string part)
    {
        if (FirstNames.Contains(part))
            return (0, 0);
        if (LastNames.Contains(part))
            return (3, 0);
        return long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? (1, number) : (2, 0);
    }

    private static FormatException Wrong(IReadOnlyDictionary<string, long[]> shapes, string reason) => new(
        $"its tensors are not those of a perceptron: {reason}. Expected for each layer are NAME.weight [out,in] and NAME.bias [out], "
        + $"where the names give the order (net.0.linear, net.1.linear, net.2; layers.0, last_layer; 0, 2, 4) and each layer takes what the one before gives. Found: {List([.. shapes.Select(p => $"{InputFile.Quote(p.Key)} {Shapes.List(p.Value)}")])}.");

    private static string List(string[] items) => items.Length == 0
        ? "none"
        : string.Join(", ", items.Take(LongestList)) + (items.Length > LongestList ? $" and {items.Length - LongestList} more" : "");
}
