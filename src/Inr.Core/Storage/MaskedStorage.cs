using System.Numerics;

namespace Inr;

/// <summary>A mask of one bit per number, and a storage of the numbers where it is set; the others are 0.</summary>
/// <remarks>
/// Bit i of the mask, in row-major order, is bit i mod 8 of byte i / 8, the lowest first; the last byte is padded with 0. Where that is
/// smaller, a file holds the bits in an adaptive range coder instead (<see cref="RangeCoder"/>): about n·H₂(m/n) bits for m of n, which is
/// what positions cost at all.
/// </remarks>
internal sealed class MaskedStorage : TensorStorage
{
    public const string KindName = "masked";

    private const string MaskPart = "mask";
    private const string CodedPart = "coded-mask";
    private const string ValuesPart = "values";
    private const int BitsPerNumber = 32;

    private readonly byte[] _mask;
    // Null where plain bits are no larger.
    private readonly byte[]? _coded;
    private readonly TensorStorage _values;

    private MaskedStorage(IReadOnlyList<long> shape, byte[] mask, byte[]? coded, TensorStorage values)
        : base(KindName, shape)
    {
        _mask = mask;
        _coded = coded;
        _values = values;
    }

    /// <inheritdoc/>
    public override ScalarType ScalarType => _values.ScalarType;

    /// <inheritdoc/>
    public override long NumbersStored => ((MaskBits + BitsPerNumber - 1) / BitsPerNumber) + _values.NumbersStored;

    /// <inheritdoc/>
    public override long BitsStored => MaskBits + _values.BitsStored;

    private long MaskBits => _coded is null ? Count : 8L * _coded.Length;

    public static MaskedStorage From(Tensor tensor, Tensor mask, Func<Tensor, TensorStorage> values)
    {
        StorageShapes.RequireNumbers(tensor);
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.dtype != ScalarType.Bool || !mask.shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"The mask must be of type Bool and the shape {Shapes.Text(tensor)}; it is {mask.dtype} {Shapes.Text(mask)}.", nameof(mask));
        using var scope = NewDisposeScope();
        var flat = mask.cpu().reshape(-1);
        var packed = new byte[(flat.numel() + 7) / 8];
        if (packed.Length > 0)
        {
            var set = flat.contiguous().bytes;
            for (int i = 0; i < set.Length; i++)
                packed[i / 8] |= (byte)((set[i] == 0 ? 0 : 1) << (i % 8));
        }

        var kept = tensor.detach().cpu().reshape(-1).index_select(0, flat.nonzero().reshape(-1));
        var inner = values(kept) ?? throw new ArgumentException("The storage of the values is null.", nameof(values));
        return inner.Shape.SequenceEqual([kept.numel()])
            ? new MaskedStorage(tensor.shape, packed, Smaller(packed, tensor.numel()), inner)
            : throw new ArgumentException($"The values must be stored as [{kept.numel()}]; they are {Shapes.List(inner.Shape)}.", nameof(values));
    }

    public static MaskedStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        int count = StorageShapes.ArrayCount(shape);
        if (parts.Names.Contains(CodedPart))
        {
            byte[] coded = StorageShapes.Bytes(parts.Take(CodedPart), CodedPart);
            return OfMask(shape, Packed(RangeCoder.Decode(coded, count, 0, 1)), coded, parts);
        }

        byte[] mask = StorageShapes.Bytes(parts.Take(MaskPart), MaskPart);
        if (mask.LongLength != ((long)count + 7) / 8)
            throw new FormatException($"its mask has {mask.LongLength} bytes, but {Shapes.List(shape)} has {count} numbers, one bit each.");
        if (count % 8 > 0 && mask[^1] >> (count % 8) != 0)
            throw new FormatException("its mask has bits set beyond its last number.");
        return OfMask(shape, mask, null, parts);
    }

    private static MaskedStorage OfMask(IReadOnlyList<long> shape, byte[] mask, byte[]? coded, StorageParts parts)
    {
        long set = 0;
        foreach (byte b in mask)
            set += BitOperations.PopCount(b);
        return new MaskedStorage(shape, mask, coded, parts.TakeInner(ValuesPart, [set]));
    }

    /// <inheritdoc/>
    public override StorageParts Encode() => new StorageParts(new Dictionary<string, Tensor> { [_coded is null ? MaskPart : CodedPart] = tensor(_coded ?? _mask) }).With(ValuesPart, _values);

    private static byte[]? Smaller(byte[] mask, long count)
    {
        byte[] coded = RangeCoder.Encode(Bits(mask, count), 0, 1);
        return 8L * coded.Length < count ? coded : null;
    }

    private static int[] Bits(byte[] mask, long count)
    {
        var bits = new int[count];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = (mask[i / 8] >> (i % 8)) & 1;
        return bits;
    }

    private static byte[] Packed(int[] bits)
    {
        var mask = new byte[(bits.Length + 7) / 8];
        for (int i = 0; i < bits.Length; i++)
            mask[i / 8] |= (byte)(bits[i] << (i % 8));
        return mask;
    }

    /// <inheritdoc/>
    protected override Tensor DecodeCore()
    {
        var positions = new List<long>();
        for (int i = 0; i < _mask.Length; i++)
        {
            for (int b = _mask[i]; b != 0; b &= b - 1)
                positions.Add((8L * i) + BitOperations.TrailingZeroCount(b));
        }

        var values = _values.Decode(CPU);
        return zeros([Count], ScalarType).index_copy(0, tensor(positions.ToArray(), ScalarType.Int64), values).reshape([.. Shape]);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _values.Dispose();
    }
}
