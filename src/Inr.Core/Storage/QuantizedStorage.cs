namespace Inr;

/// <summary>Codes of 1 to 16 bits, one after another without gaps, and the step and offset that make numbers of them.</summary>
/// <remarks>Code i, counted from the smallest one, fills the bits i·b … i·b + b − 1, the lowest first; the last byte is padded with 0.</remarks>
internal sealed class QuantizedStorage : TensorStorage
{
    public const string KindName = "quantized";

    private const string CodesPart = "codes";

    private readonly byte[] _packed;
    private readonly UniformQuantizer _quantizer;

    public QuantizedStorage(IReadOnlyList<long> shape, ReadOnlySpan<int> codes, UniformQuantizer quantizer)
        : base(KindName, shape)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        quantizer.Require(shape, codes);
        _quantizer = quantizer;
        _packed = BitPacking.Pack(codes, quantizer.Lowest, quantizer.Bits);
    }

    private QuantizedStorage(IReadOnlyList<long> shape, byte[] packed, UniformQuantizer quantizer)
        : base(KindName, shape)
    {
        _packed = packed;
        _quantizer = quantizer;
    }

    /// <inheritdoc/>
    public override ScalarType ScalarType => ScalarType.Float32;

    /// <inheritdoc/>
    public override long NumbersStored => Count + _quantizer.NumbersStored;

    /// <inheritdoc/>
    public override long BitsStored => (Count * _quantizer.Bits) + (32 * _quantizer.NumbersStored);

    public static QuantizedStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        var quantizer = QuantizerPart.Read(parts);
        byte[] packed = StorageShapes.Bytes(parts.Take(CodesPart), CodesPart);
        int count = StorageShapes.ArrayCount(shape);
        if (packed.LongLength != (((long)count * quantizer.Bits) + 7) / 8)
            throw new FormatException($"its codes have {packed.LongLength} bytes, but {Shapes.List(shape)} has {count} numbers of {quantizer.Bits} bits.");
        int used = (int)((long)count * quantizer.Bits % 8);
        return used == 0 || packed[^1] >> used == 0
            ? new QuantizedStorage(shape, packed, quantizer)
            : throw new FormatException("its codes have bits set beyond the last one.");
    }

    /// <inheritdoc/>
    public override StorageParts Encode() => QuantizerPart.Write(_quantizer, CodesPart, _packed);

    /// <inheritdoc/>
    protected override Tensor DecodeCore() => _quantizer.Dequantize(BitPacking.Unpack(_packed, (int)Count, _quantizer.Lowest, _quantizer.Bits), Shape);
}
