namespace Inr;

/// <summary>A target function with one θ, prepared for evaluation: what <see cref="ITargetFunction.Bind"/> gives.</summary>
/// <remarks>
/// <para>
/// Whatever depends on θ alone (tables, a parsed structure, transformed weights) is made once, when θ is bound; a render of
/// many chunks then reads it as often as it likes. It is a snapshot: a later change of θ in place is not followed, so bind
/// again. Nothing here makes a graph; who differentiates through θ calls <see cref="ITargetFunction.Evaluate"/>.
/// </para>
/// <para>
/// An implementation overrides <see cref="EvaluateCore"/>, and <see cref="RenderCore"/> or <see cref="JacobianCore"/> where it
/// knows a faster way. Arguments are checked, chunks are cut and results are verified here, once for all. Members may be
/// called from several threads, so that the cores change nothing after the constructor.
/// </para>
/// </remarks>
public abstract class BoundFunction : IDisposable
{
    /// <summary>Samples per chunk of an evaluation: enough to keep a processor busy, and few enough to bound the memory.</summary>
    public const int DefaultChunk = 65_536;

    /// <summary>Samples per chunk of a derivative, which keeps what every layer made on its way.</summary>
    public const int DefaultJacobianChunk = 8_192;

    private readonly List<Tensor> _kept = [];
    private bool _disposed;

    /// <summary>Checks that θ is one θ of the target.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="parameters">θ of its layout, without a batch axis; the caller keeps it.</param>
    /// <exception cref="ArgumentException">The layout differs or θ has a batch axis; the message prints both.</exception>
    protected BoundFunction(ITargetFunction target, ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Layout.IsCompatibleWith(target.Layout))
            throw new ArgumentException($"The parameters ({parameters.Layout}) are not those of the target ({target.Layout}).", nameof(parameters));
        if (parameters.BatchSize is not null)
            throw new ArgumentException($"One function is bound at a time; the parameters have a batch of {parameters.BatchSize}. Use Select.", nameof(parameters));
        Target = target;
        Device = parameters.Device;
        ScalarType = parameters.ScalarType;
    }

    /// <summary>The architecture.</summary>
    public ITargetFunction Target { get; }

    /// <summary>The number of coordinates d.</summary>
    public int InputDimension => Target.InputDimension;

    /// <summary>The number of values c.</summary>
    public int OutputDimension => Target.OutputDimension;

    /// <summary>Where coordinates must live and results do.</summary>
    public Device Device { get; }

    /// <summary>The type that coordinates must have and results do.</summary>
    public ScalarType ScalarType { get; }

    /// <summary>The most samples that the cores are given at once, however large a chunk the caller asks for.</summary>
    protected virtual int LargestChunk => int.MaxValue;

    /// <summary>Evaluates the function without gradients.</summary>
    /// <param name="coordinates">Shape [N,d], of this type and on this device.</param>
    /// <param name="chunk">Samples at once; it bounds the memory.</param>
    /// <returns>Shape [N,c]; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The shape, the type or the device does not fit; the message says how.</exception>
    public Tensor Evaluate(Tensor coordinates, int chunk = DefaultChunk)
    {
        Require(coordinates, chunk);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return InChunks(coordinates.shape[0], chunk, [OutputDimension], (start, length) => EvaluateCore(Piece(coordinates, start, length)), nameof(EvaluateCore))
            .MoveToOuterDisposeScope();
    }

    /// <summary>The derivatives of every value in every coordinate.</summary>
    /// <param name="coordinates">Shape [N,d], of this type and on this device.</param>
    /// <param name="chunk">Samples at once; it bounds the memory.</param>
    /// <returns>Shape [N,c,d]: entry (n,k,a) is ∂f_k/∂x_a at sample n; the caller owns it. At a jump it is the slope of the side that the sample lies on.</returns>
    /// <exception cref="ArgumentException">The shape, the type or the device does not fit; the message says how.</exception>
    public Tensor Jacobian(Tensor coordinates, int chunk = DefaultJacobianChunk)
    {
        Require(coordinates, chunk);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return InChunks(coordinates.shape[0], chunk, [OutputDimension, InputDimension], (start, length) => JacobianCore(Piece(coordinates, start, length)), nameof(JacobianCore))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Renders the whole domain [-1,1]^d on a grid of cell centres.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <returns>Shape [N,c] in row-major order, the values of <see cref="Evaluate"/> at <see cref="CoordinateGrid"/>; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The number of axes differs, or an axis has no sample.</exception>
    public Tensor Render(params ReadOnlySpan<int> shape)
    {
        var whole = new (double Low, double High)[shape.Length];
        Array.Fill(whole, (-1.0, 1.0));
        return Render(shape, whole);
    }

    /// <summary>Renders a window of the domain on a grid of cell centres: a zoom.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="window">The interval of each axis in the coordinates of the domain, low ≤ high; what lies outside [-1,1] continues the function.</param>
    /// <param name="chunk">Samples at once; it bounds the memory.</param>
    /// <returns>Shape [N,c] in row-major order; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The numbers of axes differ, an axis has no sample, or an interval is not one.</exception>
    public Tensor Render(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, int chunk = DefaultChunk)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);
        if (shape.Length != InputDimension)
            throw new ArgumentException($"The function has {InputDimension} axes but the shape has {shape.Length}.", nameof(shape));
        if (window.Length != InputDimension)
            throw new ArgumentException($"The function has {InputDimension} axes but the window has {window.Length} intervals.", nameof(window));
        foreach (var (low, high) in window)
        {
            if (!(double.IsFinite(low) && double.IsFinite(high) && low <= high))
                throw new ArgumentException($"The interval from {low} to {high} is none: give two finite numbers, the smaller one first.", nameof(window));
        }

        long count = SignalDomain.Grid(shape).SampleCount;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var result = RenderCore(shape, window, chunk);
        RequireResult(result, [count, OutputDimension], nameof(RenderCore));
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Releases what was prepared.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Evaluates one chunk, inside a dispose scope.</summary>
    /// <param name="coordinates">Shape [n,d], checked; contiguous where the caller's were.</param>
    /// <returns>Shape [n,c], a tensor of its own. Differentiable in the coordinates, unless <see cref="JacobianCore"/> is overridden.</returns>
    protected abstract Tensor EvaluateCore(Tensor coordinates);

    /// <summary>Renders a grid, inside a dispose scope; by default the coordinates are made and evaluated chunk by chunk.</summary>
    /// <param name="shape">Samples on each axis, checked.</param>
    /// <param name="window">The interval of each axis, checked.</param>
    /// <param name="chunk">Samples at once.</param>
    /// <returns>Shape [N,c] in row-major order.</returns>
    protected virtual Tensor RenderCore(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, int chunk)
    {
        var grid = new GridSamples(shape, window, Device, ScalarType);
        return InChunks(grid.Count, chunk, [OutputDimension], (start, length) => EvaluateCore(grid.Coordinates(start, length)), nameof(EvaluateCore));
    }

    /// <summary>The derivatives of one chunk, inside a dispose scope; by default through autograd, one backward pass per value.</summary>
    /// <param name="coordinates">Shape [n,d], checked.</param>
    /// <returns>Shape [n,c,d].</returns>
    protected virtual Tensor JacobianCore(Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        using var _ = enable_grad();
        var x = coordinates.detach().requires_grad_();
        var values = EvaluateCore(x);
        var rows = new Tensor[OutputDimension];
        // A value depends on its own sample only, so that the gradient of the sum holds the slopes of all samples.
        for (int k = 0; k < rows.Length; k++)
            rows[k] = Gradients.Of(values.select(1, k).sum(), [x], retainGraph: k + 1 < rows.Length)[0];
        return stack(rows, 1);
    }

    /// <summary>Takes a tensor out of every dispose scope; it lives until <see cref="Dispose()"/>. For constructors.</summary>
    /// <returns>The tensor.</returns>
    protected Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <summary>Takes the tensors of a set out of every dispose scope; they live until <see cref="Dispose()"/>. For constructors.</summary>
    /// <returns>The set.</returns>
    protected ParameterSet Keep(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var t in parameters.Tensors)
            Keep(t);
        return parameters;
    }

    /// <summary>Releases what was prepared; an override calls the base.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing)
            return;
        _disposed = true;
        foreach (var t in _kept)
            t.Dispose();
    }

    private static Tensor Piece(Tensor coordinates, long start, long length) =>
        start == 0 && length == coordinates.shape[0] ? coordinates : coordinates.narrow(0, start, length);

    private Tensor InChunks(long count, int chunk, ReadOnlySpan<long> sample, Func<long, long, Tensor> core, string name)
    {
        chunk = Math.Min(chunk, LargestChunk);
        if (count == 0)
            return empty([0, .. sample], ScalarType, Device);
        if (count <= chunk)
        {
            var whole = core(0, count);
            RequireResult(whole, [count, .. sample], name);
            return whole;
        }

        var result = empty([count, .. sample], ScalarType, Device);
        for (long start = 0; start < count; start += chunk)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(chunk, count - start);
            var part = core(start, length);
            RequireResult(part, [length, .. sample], name);
            result.narrow(0, start, length).copy_(part);
        }

        return result;
    }

    private void Require(Tensor coordinates, int chunk)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Shapes.Require(coordinates, nameof(coordinates), $"[N,{InputDimension}]", 2);
        if (coordinates.shape[1] != InputDimension)
            throw new ArgumentException($"coordinates must have the shape [N,{InputDimension}]; they are {Shapes.Text(coordinates)}.", nameof(coordinates));
        if (coordinates.dtype != ScalarType)
            throw new ArgumentException($"coordinates are {coordinates.dtype} but the parameters are {ScalarType}; convert one of them.", nameof(coordinates));
        if (coordinates.device_type != Device.type)
            throw new ArgumentException($"coordinates are on {coordinates.device} but the parameters are on {Device}; move one of them.", nameof(coordinates));
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);
    }

    private void RequireResult(Tensor result, ReadOnlySpan<long> shape, string core)
    {
        if (!result.shape.AsSpan().SequenceEqual(shape))
            throw new InvalidOperationException($"{GetType().Name}.{core} gave {Shapes.Text(result)}; it must give {Shapes.List(shape.ToArray())}.");
    }
}
