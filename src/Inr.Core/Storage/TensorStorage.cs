namespace Inr;

/// <summary>How one tensor of θ is kept: as plain numbers, as a mask and values, as short codes, as a coded blob, or in a way of your own.</summary>
/// <remarks>
/// <para>
/// A <see cref="ParameterLayout"/> says what shape a tensor has; its storage says what is written of it. A storage is
/// immutable, answers how many numbers and bits it holds, and decodes to the tensor that evaluation uses. Training never
/// sees it.
/// </para>
/// <para>
/// What is counted. <see cref="NumbersStored"/>: every value, code, step and offset is one number, and 32 bits of a mask are
/// one, so that a number never stands for more than a float holds. <see cref="BitsStored"/>: the bits of those numbers
/// without the padding to whole bytes; steps and offsets have 32, a coded blob all of its bytes. The names, shapes and
/// options that a file adds are those of its header and are in neither.
/// </para>
/// <para>
/// A kind of your own derives from this class and is made known by <see cref="StorageRegistry.Register"/>; it needs nothing else.
/// </para>
/// </remarks>
public abstract class TensorStorage : IDisposable
{
    private readonly long[] _shape;
    private readonly List<Tensor> _kept = [];
    private bool _disposed;

    /// <summary>Names the kind and the shape of the decoded tensor.</summary>
    /// <param name="kind">The registered name: lower-case words joined by hyphens.</param>
    /// <param name="shape">The shape of the decoded tensor.</param>
    /// <exception cref="ArgumentException">The shape has a negative size, or more numbers than 63 bits count.</exception>
    protected TensorStorage(string kind, IReadOnlyList<long> shape)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(shape);
        Kind = kind;
        _shape = [.. shape];
        Count = StorageShapes.Count(_shape);
    }

    /// <summary>The registered name of the kind.</summary>
    public string Kind { get; }

    /// <summary>The shape of the decoded tensor.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>The count of numbers of the decoded tensor.</summary>
    public long Count { get; }

    /// <summary>The type of the decoded tensor: float32 or float64.</summary>
    public abstract ScalarType ScalarType { get; }

    /// <summary>The count of stored numbers.</summary>
    public abstract long NumbersStored { get; }

    /// <summary>The count of stored bits.</summary>
    public abstract long BitsStored { get; }

    /// <summary>The tensor.</summary>
    /// <param name="device">Where it lives; where the storage has it, by default, which is the CPU as a rule.</param>
    /// <returns>A tensor of <see cref="Shape"/>; the caller owns it. One that is kept as it is shares its memory.</returns>
    public Tensor Decode(Device? device = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var tensor = DecodeCore();
        if (!tensor.shape.AsSpan().SequenceEqual(_shape) || tensor.dtype != ScalarType)
            throw new InvalidOperationException($"{GetType().Name} decoded to {tensor.dtype} {Shapes.Text(tensor)}; it said {ScalarType} {Shapes.List(_shape)}.");
        return (device is null ? tensor : tensor.to(device)).MoveToOuterDisposeScope();
    }

    /// <summary>What a file keeps of the tensor; the inverse of the reader that is registered for the kind.</summary>
    /// <returns>Options and parts, whose tensors belong to the caller's dispose scope.</returns>
    public abstract StorageParts Encode();

    /// <summary>Releases what the storage holds.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Plain numbers: float32 or float64, bit for bit.</summary>
    /// <param name="tensor">The numbers; the storage shares their memory and the caller keeps the tensor.</param>
    public static TensorStorage Dense(Tensor tensor) => new DenseStorage(tensor);

    /// <summary>Numbers of 16 bits, which decode to float32.</summary>
    /// <param name="tensor">The numbers, floating point and finite also in 16 bits; the caller keeps them.</param>
    /// <param name="type">float16 (10 bits of fraction, up to 65,504) or bfloat16 (7 bits, the range of float32).</param>
    /// <exception cref="ArgumentException">The type is another one, or a number is too large for it.</exception>
    public static TensorStorage Half(Tensor tensor, ScalarType type = ScalarType.Float16) => HalfStorage.From(tensor, type);

    /// <summary>A mask of one bit per number, and the numbers where it is set; the others are 0.</summary>
    /// <param name="tensor">The numbers, floating point; the caller keeps them.</param>
    /// <param name="mask">Bool, of the tensor's shape; the caller keeps it.</param>
    /// <param name="values">How the k remaining numbers, shape [k], are kept; dense by default.</param>
    /// <exception cref="ArgumentException">The shapes differ, or the mask is not of type bool.</exception>
    public static TensorStorage Masked(Tensor tensor, Tensor mask, Func<Tensor, TensorStorage>? values = null) => MaskedStorage.From(tensor, mask, values ?? Dense);

    /// <summary>A uniform quantizer: a code of few bits per number, and a step and an offset that span the numbers.</summary>
    /// <param name="tensor">The numbers, floating point and finite; the caller keeps them.</param>
    /// <param name="bits">Bits per code, 1 to 16.</param>
    public static TensorStorage Quantized(Tensor tensor, int bits) => Quantized(tensor, UniformQuantizer.Covering(tensor, bits));

    /// <summary>A uniform quantizer of the caller's.</summary>
    /// <param name="tensor">The numbers, floating point and finite; the caller keeps them. Each goes to the nearest level.</param>
    /// <param name="quantizer">The levels.</param>
    public static TensorStorage Quantized(Tensor tensor, UniformQuantizer quantizer)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        return Quantized(tensor?.shape!, quantizer.Quantize(tensor!), quantizer);
    }

    /// <summary>Codes that the caller chose, such as by a search that looks at the error of the function.</summary>
    /// <param name="shape">The shape of the tensor.</param>
    /// <param name="codes">One code per number, in row-major order.</param>
    /// <param name="quantizer">What they stand for.</param>
    /// <exception cref="ArgumentException">Their count is not that of the shape, or one has no level.</exception>
    public static TensorStorage Quantized(IReadOnlyList<long> shape, ReadOnlySpan<int> codes, UniformQuantizer quantizer) => new QuantizedStorage(shape, codes, quantizer);

    /// <summary>The codes of a uniform quantizer in an adaptive binary range coder: frequent ones take less than their bits.</summary>
    /// <param name="tensor">The numbers, floating point and finite; the caller keeps them.</param>
    /// <param name="bits">Bits per code before coding, 1 to 16.</param>
    public static TensorStorage EntropyCoded(Tensor tensor, int bits) => EntropyCoded(tensor, UniformQuantizer.Covering(tensor, bits));

    /// <summary>The codes of a quantizer of the caller's in an adaptive binary range coder.</summary>
    /// <param name="tensor">The numbers, floating point and finite; the caller keeps them. Each goes to the nearest level.</param>
    /// <param name="quantizer">The levels.</param>
    public static TensorStorage EntropyCoded(Tensor tensor, UniformQuantizer quantizer)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        return EntropyCoded(tensor?.shape!, quantizer.Quantize(tensor!), quantizer);
    }

    /// <summary>Codes that the caller chose in an adaptive binary range coder.</summary>
    /// <param name="shape">The shape of the tensor.</param>
    /// <param name="codes">One code per number, in row-major order.</param>
    /// <param name="quantizer">What they stand for.</param>
    /// <exception cref="ArgumentException">Their count is not that of the shape, or one has no level.</exception>
    public static TensorStorage EntropyCoded(IReadOnlyList<long> shape, ReadOnlySpan<int> codes, UniformQuantizer quantizer) => EntropyCodedStorage.From(shape, codes, quantizer);

    /// <summary>Whole numbers from 0 to 255, a byte each: for a target function whose θ is a code of its own. Four bytes count as a number.</summary>
    /// <param name="bytes">The numbers, which are copied; the shape is [n].</param>
    public static TensorStorage Bytes(ReadOnlySpan<byte> bytes) => new BytesStorage(bytes.ToArray());

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Shapes.List(_shape)}: {NumbersStored} numbers, {BitsStored} bits";

    /// <summary>Decodes the tensor, inside a dispose scope and without a graph.</summary>
    /// <returns>A tensor of its own, of <see cref="Shape"/> and <see cref="ScalarType"/>.</returns>
    protected abstract Tensor DecodeCore();

    /// <summary>Takes a tensor out of every dispose scope; it lives until <see cref="Dispose()"/>. For constructors.</summary>
    /// <returns>The tensor.</returns>
    protected Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>Releases what the storage holds; an override calls the base.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
            return;
        _disposed = true;
        foreach (var t in _kept)
            t.Dispose();
    }
}
