namespace Inr;

/// <summary>Whole numbers from 0 to 255, a byte each: the code of a target function that has one of its own.</summary>
internal sealed class BytesStorage : TensorStorage
{
    public const string KindName = "bytes";

    private const string CodePart = "";
    private const int BitsPerNumber = 32;

    private readonly byte[] _bytes;

    public BytesStorage(byte[] bytes)
        : base(KindName, [bytes.LongLength]) => _bytes = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content => _bytes;

    /// <inheritdoc/>
    public override ScalarType ScalarType => ScalarType.Float32;

    /// <inheritdoc/>
    public override long NumbersStored => ((8 * _bytes.LongLength) + BitsPerNumber - 1) / BitsPerNumber;

    /// <inheritdoc/>
    public override long BitsStored => 8 * _bytes.LongLength;

    public static BytesStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        byte[] bytes = StorageShapes.Bytes(parts.Take(CodePart), CodePart);
        return shape.Count == 1 && shape[0] == bytes.Length
            ? new BytesStorage(bytes)
            : throw new FormatException($"it has {bytes.Length} bytes for {Shapes.List(shape)}.");
    }

    /// <inheritdoc/>
    public override StorageParts Encode() => new(new Dictionary<string, Tensor> { [CodePart] = tensor(_bytes, device: CPU) });

    /// <inheritdoc/>
    protected override Tensor DecodeCore() => tensor(Array.ConvertAll(_bytes, b => (float)b), device: CPU);
}
