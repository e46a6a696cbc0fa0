using Inr.Files;

namespace Inr.Meta;

/// <summary>Checks a state dict against a layout, key by key, and copies it into weights.</summary>
internal static class StateDict
{
    private const int LongestList = 6;

    /// <summary>Requires the same names and shapes; the order does not matter.</summary>
    /// <param name="layout">What is needed.</param>
    /// <param name="shapes">What there is.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InrFileException">Something differs; the message lists what is missing, what is unexpected, and which shapes differ.</exception>
    public static void Require(ParameterLayout layout, IReadOnlyDictionary<string, long[]> shapes, string source)
    {
        string[] missing = [.. layout.Where(s => !shapes.ContainsKey(s.Name)).Select(s => $"{s.Name} {Shapes.List(s.Shape)}")];
        string[] unexpected = [.. shapes.Where(p => !layout.Contains(p.Key)).Select(p => $"{InputFile.Quote(p.Key)} {Shapes.List(p.Value)}")];
        string[] different = [.. layout.Where(s => shapes.TryGetValue(s.Name, out long[]? shape) && !shape.SequenceEqual(s.Shape))
            .Select(s => $"{s.Name} is {Shapes.List(shapes[s.Name])} instead of {Shapes.List(s.Shape)}")];
        if (missing.Length + unexpected.Length + different.Length > 0)
            throw InputFile.Refuse(source, $"its weights are not those of this configuration. Missing: {List(missing)}. Unexpected: {List(unexpected)}. Other shapes: {List(different)}.");
    }

    /// <summary>Copies tensors into weights of the same names and shapes.</summary>
    /// <param name="weights">Changed in place.</param>
    /// <param name="read">Reads a tensor by name; it is disposed of.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="InrFileException">A number is NaN or infinite.</exception>
    public static void Copy(ParameterSet weights, Func<string, Tensor> read, string source)
    {
        using var _ = no_grad();
        foreach (var spec in weights.Layout)
        {
            using var scope = NewDisposeScope();
            // Converted first: what is finite in 64 bits may not be in 32.
            var tensor = read(spec.Name).to(weights[spec.Name].dtype);
            if (!tensor.isfinite().all().item<bool>())
                throw InputFile.Refuse(source, $"the tensor {InputFile.Quote(spec.Name)} holds NaN or infinite numbers.");
            weights[spec.Name].copy_(tensor);
        }
    }

    private static string List(string[] items) => items.Length == 0
        ? "none"
        : string.Join(", ", items.Take(LongestList)) + (items.Length > LongestList ? $" and {items.Length - LongestList} more" : "");
}
