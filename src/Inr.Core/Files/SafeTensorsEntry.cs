namespace Inr.Files;

/// <summary>One tensor of a safetensors file, before its numbers are read.</summary>
public sealed class SafeTensorsEntry
{
    private readonly long[] _shape;

    internal SafeTensorsEntry(string name, ScalarType? type, string typeName, long[] shape, long begin, long end)
    {
        Name = name;
        Type = type;
        TypeName = typeName;
        _shape = shape;
        Begin = begin;
        End = end;
    }

    /// <summary>The name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The type of the numbers; null where libtorch has none of that name, so that the tensor cannot be read.</summary>
    public ScalarType? Type { get; }

    /// <summary>The name of the type in the file, such as <c>F32</c>.</summary>
    public string TypeName { get; }

    /// <summary>The sizes of the axes; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The count of numbers.</summary>
    public long Count => _shape.Aggregate(1L, (product, n) => product * n);

    /// <summary>The first byte, counted from the end of the header.</summary>
    public long Begin { get; }

    /// <summary>The byte after the last one, counted from the end of the header.</summary>
    public long End { get; }

    /// <summary>The number of bytes.</summary>
    public long ByteCount => End - Begin;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {TypeName} {Shapes.List(_shape)}";
}
