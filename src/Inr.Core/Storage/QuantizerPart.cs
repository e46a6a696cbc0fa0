namespace Inr;

/// <summary>How a file keeps a <see cref="UniformQuantizer"/>: the bits as an option, step and offset as two floats.</summary>
internal static class QuantizerPart
{
    private const string Part = "scale";
    private const string Bits = "bits";

    /// <summary>Adds the quantizer to options and parts.</summary>
    public static StorageParts Write(UniformQuantizer quantizer, string name, byte[] bytes, System.Text.Json.Nodes.JsonObject? options = null)
    {
        options ??= [];
        options[Bits] = quantizer.Bits;
        float[] scale = quantizer.Offset is { } offset ? [quantizer.Step, offset] : [quantizer.Step];
        return new StorageParts(new Dictionary<string, Tensor> { [name] = tensor(bytes), [Part] = tensor(scale) }, options);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">A number is missing or out of its range.</exception>
    public static UniformQuantizer Read(StorageParts parts)
    {
        int bits = parts.Options[Bits]?.GetValue<int>() ?? throw new FormatException($"its option '{Bits}' is missing.");
        var scale = parts.Take(Part);
        if (scale.dtype != ScalarType.Float32 || scale.dim() != 1 || scale.numel() is not (1 or 2))
            throw new FormatException($"its part '{Part}' is {scale.dtype} {Shapes.Text(scale)}; it must be one or two numbers of Float32.");
        float[] numbers = scale.data<float>().ToArray();
        return new UniformQuantizer(bits, numbers[0], numbers.Length > 1 ? numbers[1] : null);
    }
}
