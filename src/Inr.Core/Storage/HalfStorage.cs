namespace Inr;

/// <summary>Numbers of 16 bits, float16 or bfloat16, which decode to float32.</summary>
internal sealed class HalfStorage : TensorStorage
{
    public const string KindName = "half";

    private readonly Tensor _tensor;

    private HalfStorage(Tensor tensor)
        : base(KindName, tensor.shape) => _tensor = Keep(tensor);

    /// <inheritdoc/>
    public override ScalarType ScalarType => ScalarType.Float32;

    /// <inheritdoc/>
    public override long NumbersStored => Count;

    /// <inheritdoc/>
    public override long BitsStored => 16 * Count;

    public static HalfStorage From(Tensor tensor, ScalarType type)
    {
        StorageShapes.RequireNumbers(tensor);
        if (!IsHalf(type))
            throw new ArgumentException($"Numbers of 16 bits are Float16 or BFloat16, not {type}.", nameof(type));
        using var scope = NewDisposeScope();
        var half = tensor.detach().to(type, copy: true);
        if (!half.isfinite().all().item<bool>())
            throw new ArgumentException($"A number is too large for {type}, or is not finite: use BFloat16, which has the range of Float32, or Dense.", nameof(tensor));
        return new HalfStorage(half);
    }

    public static HalfStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        var tensor = parts.Take("");
        if (!tensor.shape.AsSpan().SequenceEqual([.. shape]) || !IsHalf(tensor.dtype))
            throw new FormatException($"its numbers are {tensor.dtype} {Shapes.Text(tensor)}; Float16 or BFloat16 {Shapes.List(shape)} is needed.");
        return new HalfStorage(tensor.alias());
    }

    /// <inheritdoc/>
    public override StorageParts Encode() => new(new Dictionary<string, Tensor> { [""] = _tensor.alias() });

    /// <inheritdoc/>
    protected override Tensor DecodeCore() => _tensor.to(ScalarType.Float32);

    private static bool IsHalf(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16;
}
