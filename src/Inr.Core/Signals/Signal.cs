namespace Inr;

/// <summary>A sampled signal: N pairs of a coordinate in [-1,1]^d and a value in R^c.</summary>
/// <remarks>
/// The signal owns its two tensors and disposes of them. Images hold values in [0,1] and the axes (row, column);
/// <c>ImageSignal</c> reads and writes them.
/// </remarks>
public sealed class Signal : IDisposable
{
    private readonly object _gate = new();
    private Tensor? _coordinates;
    private bool _disposed;

    /// <summary>Creates a signal that takes ownership of its tensors.</summary>
    /// <param name="coordinates">Shape [N,d], floating point, finite.</param>
    /// <param name="values">Shape [N,c], the same type, finite.</param>
    /// <param name="domain">The domain; scattered by default. A grid's sample count must be N.</param>
    /// <param name="name">What messages and reports call the signal, such as its file name.</param>
    /// <exception cref="ArgumentException">Shapes, types or domain disagree, there is no sample, or a number is NaN or infinite.</exception>
    public Signal(Tensor coordinates, Tensor values, SignalDomain? domain = null, string name = "")
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        ArgumentNullException.ThrowIfNull(values);
        Shapes.Require(coordinates, "coordinates", "[N,d]", 2);
        Shapes.Require(values, "values", "[N,c]", 2);
        if (coordinates.shape[0] != values.shape[0])
            throw new ArgumentException($"coordinates [N,d] and values [N,c] need the same N; they are {Shapes.Text(coordinates)} and {Shapes.Text(values)}.", nameof(values));
        if (coordinates.shape[0] == 0 || values.shape[1] == 0)
            throw new ArgumentException($"A signal needs at least one sample and one channel; values are {Shapes.Text(values)}.", nameof(values));
        Shapes.RequireFinite(coordinates, "coordinates", name);
        Shapes.RequireFinite(values, "values", name);

        Domain = domain ?? SignalDomain.Scattered((int)coordinates.shape[1]);
        if (Domain.Dimension != coordinates.shape[1])
            throw new ArgumentException($"The domain ({Domain}) has {Domain.Dimension} axes but coordinates are {Shapes.Text(coordinates)}.", nameof(domain));
        if (Domain.IsGrid && Domain.SampleCount != coordinates.shape[0])
            throw new ArgumentException($"The domain ({Domain}) has {Domain.SampleCount} samples but coordinates are {Shapes.Text(coordinates)}.", nameof(domain));

        _coordinates = coordinates.DetachFromDisposeScope();
        Values = values.DetachFromDisposeScope();
        Name = name;
    }

    // A rendered grid: its coordinates are made when somebody asks for them, since most callers look at the values only.
    private Signal(Tensor values, SignalDomain grid, string name)
    {
        Shapes.RequireFinite(values, "values", name);
        Domain = grid;
        Values = values.DetachFromDisposeScope();
        Name = name;
    }

    /// <summary>Where the samples lie; shape [N,d], in [-1,1]^d.</summary>
    public Tensor Coordinates
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _coordinates ??= CoordinateGrid.Create([.. Domain.GridShape], Values.device, Values.dtype).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>The values of the samples; shape [N,c].</summary>
    public Tensor Values { get; }

    /// <summary>The domain of the samples.</summary>
    public SignalDomain Domain { get; }

    /// <summary>What messages and reports call the signal; empty where nothing was given.</summary>
    public string Name { get; }

    /// <summary>The number of samples N.</summary>
    public long SampleCount => Values.shape[0];

    /// <summary>The number of coordinates d of a sample.</summary>
    public int InputDimension => Domain.Dimension;

    /// <summary>The number of values c of a sample.</summary>
    public int Channels => (int)Values.shape[1];

    /// <summary>A signal on a grid whose coordinates are made only when they are asked for.</summary>
    /// <param name="values">Shape [N,c], row-major; the signal takes ownership.</param>
    /// <param name="grid">The grid of N samples.</param>
    internal static Signal OnGrid(Tensor values, SignalDomain grid) => new(values, grid, name: "");

    /// <summary>Creates a signal whose samples fill a grid.</summary>
    /// <param name="values">Shape [n_1,…,n_d,c] or [N,c]; the caller keeps it.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="name">What messages call the signal.</param>
    public static Signal FromGrid(Tensor values, ReadOnlySpan<int> shape, string name = "")
    {
        ArgumentNullException.ThrowIfNull(values);
        var domain = SignalDomain.Grid(shape);
        long count = domain.SampleCount;
        if (values.dim() < 1 || values.numel() == 0 || values.numel() % count != 0)
            throw new ArgumentException($"values {Shapes.Text(values)} do not fill the {domain}.", nameof(values));

        using var scope = NewDisposeScope();
        var coordinates = CoordinateGrid.Create(shape, values.device, values.dtype);
        return new Signal(coordinates, values.reshape(count, -1).clone(), domain, name);
    }

    /// <summary>Creates a signal on a grid from an array of values.</summary>
    /// <param name="values">N·c numbers, the channels of a sample beside one another.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="channels">The number of channels c.</param>
    /// <param name="name">What messages call the signal.</param>
    public static Signal FromGrid(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int channels, string name = "")
    {
        long count = SignalDomain.Grid(shape).SampleCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (values.Length != count * channels)
            throw new ArgumentException($"A grid of {count} samples of {channels} channels holds {count * channels} values, not {values.Length}.", nameof(values));

        using var tensor = torch.tensor(values.ToArray(), [count, channels], device: CPU);
        return FromGrid(tensor, shape, name);
    }

    /// <summary>The samples at the given indices, as scattered samples.</summary>
    /// <param name="indices">Shape [M], int64, each in [0, N).</param>
    public Signal Subset(Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new Signal(Coordinates.index_select(0, indices), Values.index_select(0, indices), SignalDomain.Scattered(InputDimension), Name);
    }

    /// <summary>Splits the samples at random into a part to fit and a part to judge on.</summary>
    /// <param name="heldOutFraction">The share of the samples to hold out, in (0,1).</param>
    /// <param name="seed">The same seed gives the same split.</param>
    /// <returns>The context and the query, both scattered; each has at least one sample.</returns>
    /// <exception cref="ArgumentException">The signal has one sample only.</exception>
    public (Signal Context, Signal Query) Split(double heldOutFraction, long seed = 0)
    {
        if (!(heldOutFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(heldOutFraction), heldOutFraction, "The held-out fraction lies between 0 and 1, both excluded.");
        if (SampleCount < 2)
            throw new ArgumentException("A signal of one sample cannot be split.", nameof(heldOutFraction));

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        long heldOut = Math.Clamp((long)Math.Round(SampleCount * heldOutFraction), 1, SampleCount - 1);
        var order = randperm(SampleCount, device: CPU, generator: generator).to(Coordinates.device);
        // Sorted, so that each part keeps the order of the grid.
        var query = order.slice(0, 0, heldOut, 1).sort().Values;
        var context = order.slice(0, heldOut, SampleCount, 1).sort().Values;
        return (Subset(context), Subset(query));
    }

    /// <summary>A copy on another device and of another floating-point type.</summary>
    public Signal To(Device device, ScalarType dtype) =>
        new(Coordinates.to(dtype, device, copy: true), Values.to(dtype, device, copy: true), Domain, Name);

    /// <summary>A copy on another device.</summary>
    public Signal To(Device device) => new(Coordinates.to(device, copy: true), Values.to(device, copy: true), Domain, Name);

    /// <summary>A copy of another floating-point type.</summary>
    public Signal To(ScalarType dtype) => new(Coordinates.to(dtype, copy: true), Values.to(dtype, copy: true), Domain, Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _coordinates?.Dispose();
        }

        Values.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length > 0 ? Name + ": " : "")}{SampleCount} samples, {Domain}, {Channels} channel{(Channels == 1 ? "" : "s")}";
}
