namespace Inr.Examples;

/// <summary>Weights of three levels, −a, 0 and a (Li, Liu 2016): five of them in a byte, since 3⁵ = 243.</summary>
public sealed class TernaryStorage : TensorStorage
{
    private const string KindName = "ternary";
    private const int PerByte = 5;

    private readonly byte[] _packed;
    private readonly float _level;

    private TernaryStorage(IReadOnlyList<long> shape, byte[] packed, float level)
        : base(KindName, shape)
    {
        _packed = packed;
        _level = level;
    }

    public override ScalarType ScalarType => ScalarType.Float32;

    // One number per weight, and the level.
    public override long NumbersStored => Count + 1;

    public override long BitsStored => (8 * _packed.LongLength) + 32;

    // Called once at start-up, so that .inr files can name the kind.
    public static void Register() => StorageRegistry.Register(KindName, Read);

    public static TernaryStorage From(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor.detach().to(ScalarType.Float32, CPU).reshape(-1);
        float threshold = 0.7f * numbers.abs().mean().item<float>();
        var large = numbers.abs().gt(threshold);
        float level = large.any().item<bool>() ? numbers[large].abs().mean().item<float>() : 0;
        float[] values = numbers.data<float>().ToArray();
        var packed = new byte[(values.Length + PerByte - 1) / PerByte];
        for (int i = values.Length - 1; i >= 0; i--)
            packed[i / PerByte] = (byte)((3 * packed[i / PerByte]) + (values[i] > threshold ? 2 : values[i] < -threshold ? 0 : 1));
        return new TernaryStorage(tensor.shape, packed, level);
    }

    public override StorageParts Encode() => new(new Dictionary<string, Tensor> { ["trits"] = tensor(_packed), ["level"] = tensor(_level) });

    protected override Tensor DecodeCore()
    {
        var values = new float[Count];
        for (int i = 0, rest = 0; i < values.Length; i++, rest /= 3)
        {
            if (i % PerByte == 0)
                rest = _packed[i / PerByte];
            values[i] = ((rest % 3) - 1) * _level;
        }

        return tensor(values, [.. Shape]);
    }

    // What a file holds may be anything: compare counts before memory is taken.
    private static TernaryStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        Tensor trits = parts.Take("trits"), level = parts.Take("level");
        long count = shape.Aggregate(1L, (product, n) => checked(product * n));
        if (trits.dtype != ScalarType.Byte || trits.numel() != (count + PerByte - 1) / PerByte || level.dtype != ScalarType.Float32 || level.numel() != 1)
            throw new FormatException($"{count} weights take {(count + PerByte - 1) / PerByte} bytes and a level; there are {trits.numel()} and {level.numel()}.");
        return new TernaryStorage(shape, trits.bytes.ToArray(), level.item<float>());
    }
}
