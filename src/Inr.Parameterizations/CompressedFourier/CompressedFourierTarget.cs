using System.Text.Json.Nodes;
using Inr.Parameterizations.CompressedFourier;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>A signal as coded cosines: <c>f(x) = Σ_k 𝟙_k(x)·(P_k(x) + Δ·Σ_j q_kj φ_kj(x))</c>, all of it in one list of bytes.</summary>
/// <remarks>
/// <para>
/// The sets are boxes of dyadic trees that fit the content; P_k continues the boxes before it; φ are orthonormal tensor cosines
/// of the box; q are whole numbers, coded by an arithmetic coder whose probabilities are learned from the boxes before. Borders
/// of boxes approach each other where their jump is small, as part of the function. <c>docs/codec.md</c> is the format.
/// </para>
/// <para>
/// θ are the bytes of the code, whole numbers from 0 to 255: <see cref="CompressedFourierFitter"/> makes them. They have no
/// gradient. An <c>.inr</c> file of it is five bytes longer than its code.
/// </para>
/// </remarks>
public sealed class CompressedFourierTarget : ICompactTarget
{
    /// <summary>The kind in files and on the command line.</summary>
    public const string Kind = "compressed-fourier";

    internal const byte Form = 1;

    private const string CodeName = "code";
    private const string BytesName = "bytes";
    private const string ShapeName = "shape";
    private const string ChannelsName = "channels";

    private readonly int[] _shape;

    // The boxes of the bytes that were checked last, so that a file is parsed once.
    private readonly (byte[] Bytes, ParsedPicture Picture)? _parsed;

    private CompressedFourierTarget(long bytes, int[] shape, int channels, (byte[], ParsedPicture)? parsed)
    {
        _shape = shape;
        _parsed = parsed;
        OutputDimension = channels;
        Layout = new ParameterLayout([new ParameterSpec(CodeName, [bytes], ParameterRole.Structure, isTrainable: false)]);
    }

    /// <inheritdoc/>
    public int InputDimension => _shape.Length;

    /// <inheritdoc/>
    public int OutputDimension { get; }

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public byte CompactForm => Form;

    /// <inheritdoc/>
    public TargetDescription Description => new(Kind, new JsonObject
    {
        [BytesName] = Layout[0].Count,
        [ShapeName] = new JsonArray([.. _shape.Select(n => JsonValue.Create(n))]),
        [ChannelsName] = OutputDimension,
    });

    /// <inheritdoc/>
    /// <remarks>Differentiable in the coordinates, once; the code has no gradient. It is decoded on every call: <see cref="Bind"/> does so once.</remarks>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        if (parameters.BatchSize is null && coordinates.dim() == 2)
            return EvaluateOne(parameters, coordinates).MoveToOuterDisposeScope();
        if (coordinates.dim() is not (2 or 3))
            throw new ArgumentException($"coordinates must have the shape [N,{InputDimension}] or [B,N,{InputDimension}]; they are {Shapes.Text(coordinates)}.", nameof(coordinates));
        long count = parameters.BatchSize ?? coordinates.shape[0];
        if (coordinates.dim() == 3 && coordinates.shape[0] != count)
            throw new ArgumentException($"The parameters have a batch of {count} but the coordinates are {Shapes.Text(coordinates)}.", nameof(coordinates));
        var values = new Tensor[count];
        for (int i = 0; i < count; i++)
            values[i] = EvaluateOne(parameters.BatchSize is null ? parameters : parameters.Select(i), coordinates.dim() == 2 ? coordinates : coordinates[i]);
        return stack(values).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">θ are not bytes, or are damaged; the message says how.</exception>
    public BoundFunction Bind(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!parameters.Layout.IsCompatibleWith(Layout))
            throw new ArgumentException($"The parameters ({parameters.Layout}) are not those of the target ({Layout}).", nameof(parameters));
        if (parameters.BatchSize is { } batch)
            throw new ArgumentException($"One function is bound at a time; the parameters have a batch of {batch}. Use Select.", nameof(parameters));
        byte[] bytes = Bytes(parameters);
        if (_parsed is { } known && known.Bytes.AsSpan().SequenceEqual(bytes))
            return new CodedFunction(this, parameters, known.Picture);
        try
        {
            var picture = ParsedPicture.Parse(bytes);
            return picture.Header.Shape.SequenceEqual(_shape) && picture.Header.Channels == OutputDimension
                ? new CodedFunction(this, parameters, picture)
                : throw new FormatException($"its code is one of {string.Join('×', picture.Header.Shape)} samples of {picture.Header.Channels} values, and the function has {string.Join('×', _shape)} of {OutputDimension}.");
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"The parameters are no code: {e.Message}", nameof(parameters), e);
        }
    }

    /// <summary>The function of a code, and where its signal was sampled.</summary>
    /// <exception cref="FormatException">The bytes are damaged.</exception>
    internal static CompactContent FromBytes(byte[] bytes) => FromPicture(bytes, ParsedPicture.Parse(bytes));

    internal static CompactContent FromPicture(byte[] bytes, ParsedPicture picture)
    {
        var target = new CompressedFourierTarget(bytes.LongLength, picture.Header.Shape, picture.Header.Channels, (bytes, picture));
        return new CompactContent(target, SignalDomain.Grid(picture.Header.Shape)) { Format = picture.Header.Format };
    }

    internal static CompressedFourierTarget FromOptions(JsonObject options)
    {
        int[] shape = [.. options[ShapeName]!.AsArray().Select(n => n!.GetValue<int>())];
        long bytes = options[BytesName]!.GetValue<long>();
        int channels = options[ChannelsName]!.GetValue<int>();
        return shape.Length is 1 or 2 && shape.All(n => n > 0) && bytes is > 0 and <= int.MaxValue && channels is > 0 and <= PictureHeader.MostChannels
            ? new CompressedFourierTarget(bytes, shape, channels, null)
            : throw new FormatException($"there is no code of {bytes} bytes for {string.Join('×', shape)} samples of {channels} values.");
    }

    // The values, with a graph to the coordinates where they have one.
    private Tensor EvaluateOne(ParameterSet parameters, Tensor coordinates)
    {
        using var function = Bind(parameters);
        var fixedCoordinates = coordinates.detach();
        var values = function.Evaluate(fixedCoordinates);
        if (!is_grad_enabled() || !coordinates.requires_grad)
            return values;
        var slopes = function.Jacobian(fixedCoordinates);
        return values + (slopes * (coordinates - fixedCoordinates).unsqueeze(1)).sum(-1);
    }

    private static byte[] Bytes(ParameterSet parameters)
    {
        float[] numbers = TensorNumbers.Of(parameters, CodeName);
        return Array.ConvertAll(numbers, x => x >= 0 && x <= byte.MaxValue && x == MathF.Floor(x)
            ? (byte)x
            : throw new ArgumentException($"The parameters are no code: {x} is not a whole number from 0 to 255.", nameof(parameters)));
    }
}
