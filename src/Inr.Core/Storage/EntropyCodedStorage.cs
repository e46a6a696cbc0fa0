namespace Inr;

/// <summary>The codes of a quantizer in one blob of a <see cref="RangeCoder"/>, and the step and offset that make numbers of them.</summary>
internal sealed class EntropyCodedStorage : TensorStorage
{
    public const string KindName = "entropy-coded";

    private const string BlobPart = "blob";
    private const string Symbols = "symbols";

    private readonly byte[] _blob;
    private readonly UniformQuantizer _quantizer;

    private EntropyCodedStorage(IReadOnlyList<long> shape, byte[] blob, UniformQuantizer quantizer)
        : base(KindName, shape)
    {
        _blob = blob;
        _quantizer = quantizer;
    }

    /// <inheritdoc/>
    public override ScalarType ScalarType => ScalarType.Float32;

    /// <inheritdoc/>
    public override long NumbersStored => Count + _quantizer.NumbersStored;

    /// <inheritdoc/>
    public override long BitsStored => (8 * _blob.LongLength) + (32 * _quantizer.NumbersStored);

    public static EntropyCodedStorage From(IReadOnlyList<long> shape, ReadOnlySpan<int> codes, UniformQuantizer quantizer)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(quantizer);
        quantizer.Require(shape, codes);
        return new EntropyCodedStorage(shape, RangeCoder.Encode(codes, quantizer.Lowest, quantizer.Bits), quantizer);
    }

    public static EntropyCodedStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        var quantizer = QuantizerPart.Read(parts);
        byte[] blob = StorageShapes.Bytes(parts.Take(BlobPart), BlobPart);
        long count = StorageShapes.Count(shape);
        long symbols = parts.Options[Symbols]?.GetValue<long>() ?? throw new FormatException($"its option '{Symbols}' is missing.");
        if (symbols != count)
            throw new FormatException($"its blob is said to hold {symbols} codes, but {Shapes.List(shape)} has {count} numbers.");
        RangeCoder.RequireCapacity(blob.LongLength, count, quantizer.Bits);
        return new EntropyCodedStorage(shape, blob, quantizer);
    }

    /// <inheritdoc/>
    public override StorageParts Encode() => QuantizerPart.Write(_quantizer, BlobPart, _blob, new() { [Symbols] = Count });

    /// <inheritdoc/>
    protected override Tensor DecodeCore() => _quantizer.Dequantize(RangeCoder.Decode(_blob, Count, _quantizer.Lowest, _quantizer.Bits), Shape);
}
