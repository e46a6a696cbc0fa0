namespace Inr;

/// <summary>Tensors that are one stream of codes.</summary>
internal sealed class CodedGroup
{
    private readonly long[] _bits;

    private CodedGroup(IReadOnlyList<CodedTensor> tensors, byte[] bytes, long[] bits)
    {
        Tensors = tensors;
        Bytes = bytes;
        _bits = bits;
    }

    /// <summary>The tensors.</summary>
    public IReadOnlyList<CodedTensor> Tensors { get; }

    /// <summary>The stream.</summary>
    public byte[] Bytes { get; }

    /// <summary>Codes tensors.</summary>
    public static CodedGroup Of(IReadOnlyList<CodedTensor> tensors)
    {
        var (bytes, bits) = CodedStream.Encode(tensors);
        return new CodedGroup(tensors, bytes, bits);
    }

    /// <summary>Reads tensors.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static CodedGroup Read(byte[] bytes, IReadOnlyList<(ParameterRole Role, IReadOnlyList<long> Shape)> specs)
    {
        var (tensors, bits) = CodedStream.Decode(bytes, specs);
        return new CodedGroup(tensors, bytes, bits);
    }

    /// <summary>The bits of the stream that are a tensor's.</summary>
    public long BitsOf(int index) => _bits[index];

    /// <summary>A storage for each tensor.</summary>
    public TensorStorage[] Storages() => [.. Tensors.Select((_, i) => new CodedStorage(this, i))];
}
