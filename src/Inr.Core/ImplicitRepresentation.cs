namespace Inr;

/// <summary>A signal as a function: target, parameters θ and the domain it was fitted on.</summary>
/// <remarks>It owns θ. <see cref="Evaluate"/> may be called from several threads.</remarks>
public sealed class ImplicitRepresentation : IDisposable
{
    /// <summary>Evaluation in pieces of this many samples bounds the memory of a large render.</summary>
    public const int DefaultChunk = 65_536;

    /// <summary>Creates a representation that takes ownership of the parameters.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="parameters">θ of that architecture, without a batch axis.</param>
    /// <param name="domain">Where the signal was sampled.</param>
    /// <exception cref="ArgumentException">θ does not fit the target, has a batch axis, or the dimensions differ.</exception>
    public ImplicitRepresentation(ITargetFunction target, ParameterSet parameters, SignalDomain domain)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(domain);
        if (!parameters.Layout.IsCompatibleWith(target.Layout))
            throw new ArgumentException($"The parameters ({parameters.Layout}) are not those of the target ({target.Layout}).", nameof(parameters));
        if (parameters.BatchSize is not null)
            throw new ArgumentException($"A representation holds one function; the parameters have a batch of {parameters.BatchSize}. Use Select.", nameof(parameters));
        if (domain.Dimension != target.InputDimension)
            throw new ArgumentException($"The target takes {target.InputDimension} coordinates but the domain is {domain}.", nameof(domain));
        Target = target;
        Parameters = parameters.DetachFromDisposeScope();
        Domain = domain;
    }

    /// <summary>The architecture.</summary>
    public ITargetFunction Target { get; }

    /// <summary>The parameters θ.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Where the signal was sampled.</summary>
    public SignalDomain Domain { get; }

    /// <summary>The count of stored numbers: what stands beside every PSNR.</summary>
    public long FloatCount => Target.Layout.FloatCount;

    /// <summary>Evaluates the function without gradients.</summary>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <param name="chunk">Samples per piece.</param>
    /// <returns>Shape [N,c].</returns>
    public Tensor Evaluate(Tensor coordinates, int chunk = DefaultChunk)
    {
        Shapes.Require(coordinates, "coordinates", $"[N,{Target.InputDimension}]", 2);
        if (coordinates.shape[1] != Target.InputDimension)
            throw new ArgumentException($"coordinates must have the shape [N,{Target.InputDimension}]; they are {Shapes.Text(coordinates)}.", nameof(coordinates));
        ArgumentOutOfRangeException.ThrowIfLessThan(chunk, 1);

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        long count = coordinates.shape[0];
        if (count <= chunk)
            return Target.Evaluate(Parameters, coordinates).MoveToOuterDisposeScope();

        var result = empty([count, Target.OutputDimension], Parameters.ScalarType, Parameters.Device);
        for (long start = 0; start < count; start += chunk)
        {
            using var piece = NewDisposeScope();
            long length = Math.Min(chunk, count - start);
            result.narrow(0, start, length).copy_(Target.Evaluate(Parameters, coordinates.narrow(0, start, length)));
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Renders the function on a grid of any size.</summary>
    /// <param name="shape">Samples on each axis; the size it was fitted at by default.</param>
    /// <remarks>A target that is an <see cref="IGridRenderer"/> renders without a coordinate tensor, and the signal makes its own only when asked.</remarks>
    /// <returns>The samples as a signal on that grid; the caller owns it.</returns>
    /// <exception cref="ArgumentException">No shape was given and the domain is scattered, or the number of axes differs.</exception>
    public Signal Render(params ReadOnlySpan<int> shape)
    {
        if (shape.Length == 0)
        {
            if (!Domain.IsGrid)
                throw new ArgumentException("The signal was scattered: say how many samples to render on each axis.", nameof(shape));
            shape = Domain.GridShape.ToArray();
        }

        if (shape.Length != Target.InputDimension)
            throw new ArgumentException($"The function has {Target.InputDimension} axes but the shape has {shape.Length}.", nameof(shape));

        using var scope = NewDisposeScope();
        var domain = SignalDomain.Grid(shape);
        var values = Target is IGridRenderer renderer
            ? renderer.RenderGrid(Parameters, shape)
            : EvaluateGrid(shape);
        return Signal.OnGrid(values.to(CPU), domain);
    }

    /// <summary>Saves the representation as an <c>.inr</c> file; one that exists is replaced only when the new one is complete.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    /// <exception cref="InrException">θ holds NaN or infinite numbers, or is neither float32 nor float64.</exception>
    public void Save(string path) => InrFile.Save(this, path);

    /// <summary>Writes the representation to a stream, as an <c>.inr</c> file has it.</summary>
    /// <param name="stream">A stream at the place where the file begins; it stays open.</param>
    /// <exception cref="InrException">θ holds NaN or infinite numbers, or is neither float32 nor float64.</exception>
    public void Save(Stream stream) => InrFile.Save(this, stream);

    /// <summary>Loads an <c>.inr</c> file: the same θ bit for bit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>The representation; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file is missing, damaged, of a newer format, or names an unknown target function; the message says which.</exception>
    public static ImplicitRepresentation Load(string path, Device? device = null) => InrFile.Load(path, device);

    /// <summary>Reads an <c>.inr</c> file from the current position of a stream to its end.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    /// <returns>The representation; the caller owns it.</returns>
    /// <exception cref="InrFileException">The data are damaged, of a newer format, or name an unknown target function; the message says which.</exception>
    public static ImplicitRepresentation Load(Stream stream, Device? device = null) => InrFile.Load(stream, device);

    private Tensor EvaluateGrid(ReadOnlySpan<int> shape)
    {
        int[] grid = shape.ToArray();
        return CoordinatePieces.Evaluate(this, SignalDomain.Grid(grid).SampleCount, (start, length) => CoordinateGrid.Range(grid, start, length, Parameters.Device, Parameters.ScalarType));
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
