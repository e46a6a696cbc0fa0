using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>Fixed geometric frequencies: <c>[cos(πwx) for every (coordinate, w)] then [sin(πwx) …]</c>, w = exp(linspace(0, ln w_max, n)).</summary>
/// <remarks>Coordinate-major: y·w₀ … y·w_{n−1}, x·w₀ …; raw coordinates are not part of the result. As in Trans-INR (Chen and Wang, ECCV 2022).</remarks>
public sealed record PositionalEncoding : InputEncoding
{
    internal const string Kind = "positional";

    /// <summary>Creates the encoding.</summary>
    /// <param name="size">Numbers per coordinate: twice the number n of frequencies; even, 2 to 4,096.</param>
    /// <param name="maxFrequency">w_max, in cycles over [-1,1]; 1 to 1e6.</param>
    public PositionalEncoding(int size, double maxFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 4096);
        if (size % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, "The size must be even: a cosine and a sine of each frequency.");
        if (!(maxFrequency is >= 1 and <= 1e6))
            throw new ArgumentOutOfRangeException(nameof(maxFrequency), maxFrequency, "The largest frequency lies between 1 and 1e6.");
        Size = size;
        MaxFrequency = maxFrequency;
    }

    /// <summary>Numbers per coordinate.</summary>
    public int Size { get; }

    /// <summary>w_max.</summary>
    public double MaxFrequency { get; }

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override int OutputSize(int inputDimension) => checked(inputDimension * Size);

    /// <inheritdoc/>
    public override Tensor Encode(Tensor coordinates, IReadOnlyList<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        var frequencies = FrequencyTensor().to(coordinates.dtype, coordinates.device);
        var phase = (coordinates.unsqueeze(-1) * frequencies).flatten(-2).mul(Math.PI);
        return cat([phase.cos(), phase.sin()], -1).MoveToOuterDisposeScope();
    }

    /// <summary>w, as the encoding multiplies with it.</summary>
    internal float[] Frequencies()
    {
        using var scope = NewDisposeScope();
        return FrequencyTensor().data<float>().ToArray();
    }

    // In float32, as the official code draws them: the phase πwx amplifies their rounding by w ≤ 1024.
    private Tensor FrequencyTensor() => exp(linspace(0, Math.Log(MaxFrequency), Size / 2, dtype: float32, device: CPU));

    /// <inheritdoc/>
    protected override void Write(JsonObject options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options["size"] = Size;
        options["maxFrequency"] = MaxFrequency;
    }
}
