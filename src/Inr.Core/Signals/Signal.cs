namespace Inr;

/// <summary>A sampled signal: N pairs of a coordinate in [-1,1]^d and a value in R^c.</summary>
/// <remarks>
/// The signal owns its tensors and disposes of them. One that fills a grid holds its values alone: where a sample lies
/// follows from its number, so that coordinates are made when they are asked for. Images hold values in [0,1] and the
/// axes (row, column); <c>ImageSignal</c> reads and writes them.
/// </remarks>
public sealed class Signal : IDisposable
{
    // Coordinates of a grid that take no more numbers than this are kept once somebody asked for all of them.
    private const long MostKept = 1 << 20;

    private readonly object _gate = new();
    private Tensor? _coordinates;
    private bool _disposed;

    /// <summary>Creates a signal that takes ownership of its tensors.</summary>
    /// <param name="coordinates">Shape [N,d], floating point, finite. Those of a grid must be its cell centres, and are not kept.</param>
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
        RequireSamples(values);
        Shapes.RequireFinite(coordinates, "coordinates", name);
        Shapes.RequireFinite(values, "values", name);

        Domain = domain ?? SignalDomain.Scattered((int)coordinates.shape[1]);
        if (Domain.Dimension != coordinates.shape[1])
            throw new ArgumentException($"The domain ({Domain}) has {Domain.Dimension} axes but coordinates are {Shapes.Text(coordinates)}.", nameof(domain));
        if (Domain.IsGrid && Domain.SampleCount != coordinates.shape[0])
            throw new ArgumentException($"The domain ({Domain}) has {Domain.SampleCount} samples but coordinates are {Shapes.Text(coordinates)}.", nameof(domain));
        Values = values;
        Name = name;
        if (Domain.IsGrid)
        {
            RequireCentres(coordinates);
            coordinates.Dispose();
        }
        else
        {
            _coordinates = coordinates.DetachFromDisposeScope();
        }

        Values.DetachFromDisposeScope();
    }

    private Signal(Tensor values, SignalDomain grid, string name, SampleFormat? format)
    {
        Format = format;
        Domain = grid;
        Values = values.DetachFromDisposeScope();
        Name = name;
    }

    /// <summary>Where the samples lie; shape [N,d], in [-1,1]^d. Leave it to the signal: do not dispose of it.</summary>
    /// <remarks>
    /// A signal on a grid makes them when they are asked for. Those of a small one it keeps; those of a large one (more than
    /// 2^20 numbers) it makes anew each time, for the dispose scope of the caller, and they go with that scope. Work that
    /// goes through the samples in parts asks <see cref="CoordinatesOf"/> or <see cref="CoordinatesAt"/>.
    /// </remarks>
    public Tensor Coordinates
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_coordinates is not null)
                    return _coordinates;
                var all = MakeCoordinates(0, SampleCount);
                if (SampleCount * InputDimension <= MostKept)
                    _coordinates = all.DetachFromDisposeScope();
                return all;
            }
        }
    }

    /// <summary>The values of the samples; shape [N,c].</summary>
    public Tensor Values { get; }

    /// <summary>The domain of the samples.</summary>
    public SignalDomain Domain { get; }

    /// <summary>What messages and reports call the signal; empty where nothing was given.</summary>
    public string Name { get; }

    /// <summary>How the file that the signal came from stores its samples: what writers do by default; null where nothing is known.</summary>
    public SampleFormat? Format { get; init; }

    /// <summary>The number of samples N.</summary>
    public long SampleCount => Values.shape[0];

    /// <summary>The number of coordinates d of a sample.</summary>
    public int InputDimension => Domain.Dimension;

    /// <summary>The number of values c of a sample.</summary>
    public int Channels => (int)Values.shape[1];

    /// <summary>Creates a signal on a grid that takes ownership of its values, without a copy.</summary>
    /// <param name="values">Shape [N,c], floating point, finite, row-major: the last axis of the grid varies fastest.</param>
    /// <param name="grid">A grid of N samples.</param>
    /// <param name="name">What messages and reports call the signal.</param>
    /// <param name="format">How the file of the signal stores its samples, where one is known.</param>
    /// <exception cref="ArgumentException">The domain is no grid or of another number of samples, or a number is NaN or infinite.</exception>
    public static Signal OnGrid(Tensor values, SignalDomain grid, string name = "", SampleFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(grid);
        Shapes.Require(values, "values", "[N,c]", 2);
        RequireSamples(values);
        if (!grid.IsGrid || grid.SampleCount != values.shape[0])
            throw new ArgumentException($"A signal on a grid needs a value for each of its samples; the domain is {grid}{(grid.IsGrid ? $" of {grid.SampleCount}" : "")} and values are {Shapes.Text(values)}.", nameof(grid));
        Shapes.RequireFinite(values, "values", name);
        return new Signal(values, grid, name, format);
    }

    /// <summary>Creates a signal whose samples fill a grid.</summary>
    /// <param name="values">Shape [n_1,…,n_d,c] or [N,c]; copied. <see cref="OnGrid"/> takes them over instead.</param>
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
        // Whatever the strides: a reshape that cannot be a view would be a copy before the copy.
        var copy = empty([count, values.numel() / count], values.dtype, values.device);
        copy.view(values.shape).copy_(values);
        return OnGrid(copy, domain, name);
    }

    /// <summary>Creates a signal on a grid from numbers in memory.</summary>
    /// <param name="values">N·c numbers, the channels of a sample beside one another; copied.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="channels">The number of channels c.</param>
    /// <param name="name">What messages call the signal.</param>
    public static Signal FromGrid(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, int channels, string name = "")
    {
        var domain = SignalDomain.Grid(shape);
        long count = domain.SampleCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (values.Length != count * channels)
            throw new ArgumentException($"A grid of {count} samples of {channels} channels holds {count * channels} values, not {values.Length}.", nameof(values));

        using var scope = NewDisposeScope();
        var copy = empty([count, channels], float32, device: CPU);
        values.CopyTo(TensorSpan.Of<float>(copy));
        return OnGrid(copy, domain, name);
    }

    /// <summary>Where a run of the samples lies.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="length">The number of samples.</param>
    /// <returns>Shape [length,d]; the caller owns it. It may share memory with the signal: leave its numbers as they are.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The run leaves the signal.</exception>
    public Tensor CoordinatesOf(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, SampleCount - start);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _coordinates?.narrow(0, start, length) ?? MakeCoordinates(start, length);
        }
    }

    /// <summary>Where chosen samples lie.</summary>
    /// <param name="indices">Shape [M], int64, each in [0, N), on the device of the signal.</param>
    /// <returns>Shape [M,d]; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The indices are of another shape or type, or one lies outside; a GPU looks at no number, as that would wait for it.</exception>
    public Tensor CoordinatesAt(Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        SampleIndices.RequireShape(indices);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (Domain.IsGrid)
                return CoordinateGrid.At([.. Domain.GridShape], indices, Values.dtype);
            if (indices.device_type == DeviceType.CPU)
                SampleIndices.RequireInside(indices, SampleCount);
            return _coordinates!.index_select(0, indices);
        }
    }

    /// <summary>The samples at the given indices, in their order, as a scattered signal.</summary>
    /// <param name="indices">Shape [M], int64, each in [0, N); one may occur twice.</param>
    /// <exception cref="ArgumentException">There is no index, they are of another shape or type, or one lies outside the signal.</exception>
    public Signal Select(Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        using var scope = NewDisposeScope();
        var own = indices.to(Values.device);
        SampleIndices.RequireInside(own, SampleCount);
        return new Signal(CoordinatesAt(own), Values.index_select(0, own), SignalDomain.Scattered(InputDimension), Name) { Format = Format };
    }

    /// <summary>The samples at the given indices, in their order, as a scattered signal.</summary>
    /// <param name="indices">Each in [0, N); one may occur twice.</param>
    /// <exception cref="ArgumentException">There is no index, or one lies outside the signal.</exception>
    public Signal Select(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();
        var own = empty([indices.Length], int64, CPU);
        indices.CopyTo(TensorSpan.Of<long>(own));
        return Select(own);
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
        var order = randperm(SampleCount, device: CPU, generator: generator).to(Values.device);
        // Sorted, so that each part keeps the order of the grid.
        var query = order.slice(0, 0, heldOut, 1).sort().Values;
        var context = order.slice(0, heldOut, SampleCount, 1).sort().Values;
        return (Select(context), Select(query));
    }

    /// <summary>The same places with other values.</summary>
    /// <param name="values">Shape [N,c'], floating point, finite; the new signal takes ownership.</param>
    /// <exception cref="ArgumentException">The number of samples differs, or a number is NaN or infinite.</exception>
    public Signal WithValues(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Domain.IsGrid
            ? OnGrid(values, Domain, Name, Format)
            : new Signal(_coordinates!.to(values.dtype, values.device, copy: true), values, Domain, Name) { Format = Format };
    }

    /// <summary>A copy on another device and of another floating-point type.</summary>
    public Signal To(Device device, ScalarType dtype) => WithValues(Values.to(dtype, device, copy: true));

    /// <summary>A copy on another device.</summary>
    public Signal To(Device device) => To(device, Values.dtype);

    /// <summary>A copy of another floating-point type.</summary>
    public Signal To(ScalarType dtype) => To(Values.device, dtype);

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
    public override string ToString() => $"{(Name.Length > 0 ? Name + ": " : "")}{SampleCount} sample{(SampleCount == 1 ? "" : "s")}, {Domain}, {Channels} channel{(Channels == 1 ? "" : "s")}";

    private static void RequireSamples(Tensor values)
    {
        if (values.shape[0] == 0 || values.shape[1] == 0)
            throw new ArgumentException($"A signal needs at least one sample and one channel; values are {Shapes.Text(values)}.", nameof(values));
    }

    private Tensor MakeCoordinates(long start, long length) =>
        CoordinateGrid.Range([.. Domain.GridShape], start, length, Values.device, Values.dtype);

    // Coordinates of a grid are recomputed later, so that others would silently be replaced.
    private void RequireCentres(Tensor coordinates)
    {
        const long Piece = 1 << 16;
        // Numbers that went through float32 on their way count as the same.
        const double Rounding = 1e-6;
        if (coordinates.device_type == DeviceType.META)
            return;
        for (long start = 0; start < SampleCount; start += Piece)
        {
            using var scope = NewDisposeScope();
            long length = Math.Min(Piece, SampleCount - start);
            var centres = CoordinateGrid.Range([.. Domain.GridShape], start, length, coordinates.device, coordinates.dtype);
            if ((coordinates.detach().narrow(0, start, length) - centres).abs().max().to(float64).item<double>() > Rounding)
                throw new ArgumentException($"The coordinates are not the cell centres of the {Domain}; leave the domain out to make them scattered samples.", nameof(coordinates));
        }
    }
}
