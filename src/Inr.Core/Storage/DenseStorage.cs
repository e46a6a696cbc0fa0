namespace Inr;

/// <summary>Plain numbers, bit for bit.</summary>
internal sealed class DenseStorage : TensorStorage
{
    public const string KindName = "dense";

    private readonly Tensor _tensor;

    public DenseStorage(Tensor tensor)
        : base(KindName, tensor?.shape!)
    {
        StorageShapes.RequireNumbers(tensor!);
        // A handle of its own on the same numbers, outside any graph.
        _tensor = Keep(tensor!.detach());
    }

    /// <inheritdoc/>
    public override ScalarType ScalarType => _tensor.dtype;

    /// <inheritdoc/>
    public override long NumbersStored => Count;

    /// <inheritdoc/>
    public override long BitsStored => 8 * Count * _tensor.element_size();

    public static DenseStorage Read(IReadOnlyList<long> shape, StorageParts parts)
    {
        var tensor = parts.Take("");
        if (!tensor.shape.AsSpan().SequenceEqual([.. shape]))
            throw new FormatException($"its numbers have the shape {Shapes.Text(tensor)}, but {Shapes.List(shape)} is needed.");
        return tensor.dtype is ScalarType.Float32 or ScalarType.Float64
            ? new DenseStorage(tensor)
            : throw new FormatException($"its numbers are {tensor.dtype}; they must be Float32 or Float64.");
    }

    /// <inheritdoc/>
    public override StorageParts Encode() => new(new Dictionary<string, Tensor> { [""] = _tensor.alias() });

    /// <inheritdoc/>
    protected override Tensor DecodeCore() => _tensor.alias();
}
