namespace Inr;

/// <summary>Levels at equal distances: what a code of few bits stands for.</summary>
/// <remarks>
/// With an offset o the codes are 0 … 2^b − 1 and the level of code q is <c>o + q·Δ</c>; without one they are
/// −2^(b−1) … 2^(b−1) − 1 and the level is <c>q·Δ</c>, so that 0 is a level. Levels are computed in double precision and
/// rounded once to float32: the same on every machine.
/// </remarks>
public sealed class UniformQuantizer
{
    /// <summary>The most bits of a code.</summary>
    public const int MaxBits = 16;

    /// <summary>Creates a quantizer.</summary>
    /// <param name="bits">Bits per code, 1 to <see cref="MaxBits"/>.</param>
    /// <param name="step">The distance Δ of two levels; finite and above 0.</param>
    /// <param name="offset">The lowest level; null for levels on both sides of 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public UniformQuantizer(int bits, float step, float? offset = null)
    {
        if (bits is < 1 or > MaxBits)
            throw new ArgumentOutOfRangeException(nameof(bits), bits, $"A code has 1 to {MaxBits} bits.");
        if (!(float.IsFinite(step) && step > 0))
            throw new ArgumentOutOfRangeException(nameof(step), step, "The step is a finite number above 0.");
        if (offset is { } o && !float.IsFinite(o))
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The offset is a finite number.");
        Bits = bits;
        Step = step;
        Offset = offset;
        Lowest = offset is null ? -(1 << (bits - 1)) : 0;
        if (!float.IsFinite(Level(Lowest)) || !float.IsFinite(Level(Highest)))
            throw new ArgumentOutOfRangeException(nameof(step), step, "The outermost levels are beyond float32.");
    }

    /// <summary>Bits per code.</summary>
    public int Bits { get; }

    /// <summary>The distance Δ of two levels.</summary>
    public float Step { get; }

    /// <summary>The lowest level, or null for levels on both sides of 0.</summary>
    public float? Offset { get; }

    /// <summary>The smallest code.</summary>
    public int Lowest { get; }

    /// <summary>The largest code.</summary>
    public int Highest => Lowest + (1 << Bits) - 1;

    /// <summary>Step and offset: the numbers that are stored beside the codes.</summary>
    internal long NumbersStored => Offset is null ? 1 : 2;

    /// <summary>Levels from the smallest to the largest number of a tensor.</summary>
    /// <param name="tensor">Floating point and finite.</param>
    /// <param name="bits">Bits per code, 1 to <see cref="MaxBits"/>.</param>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public static UniformQuantizer Covering(Tensor tensor, int bits)
    {
        var (low, high) = Range(tensor);
        float step = (float)((high - low) / ((1 << Math.Clamp(bits, 1, MaxBits)) - 1));
        // Numbers that are all the same, or nearly, need no distance; one level is theirs.
        return new UniformQuantizer(bits, step > 0 ? step : 1, (float)low);
    }

    /// <summary>Levels on both sides of 0 that reach the number of largest size; it costs no offset, and 0 stays 0.</summary>
    /// <param name="tensor">Floating point and finite.</param>
    /// <param name="bits">Bits per code, 2 to <see cref="MaxBits"/>.</param>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public static UniformQuantizer Symmetric(Tensor tensor, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        var (low, high) = Range(tensor);
        float step = (float)(Math.Max(-low, high) / ((1 << (Math.Min(bits, MaxBits) - 1)) - 1));
        return new UniformQuantizer(bits, step > 0 ? step : 1);
    }

    /// <summary>The level of a code.</summary>
    public float Level(int code) => (float)((Offset ?? 0.0) + ((double)Step * code));

    /// <summary>The code of the nearest level of each number.</summary>
    /// <param name="tensor">Floating point and finite.</param>
    /// <returns>One code per number, in row-major order.</returns>
    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public int[] Quantize(Tensor tensor)
    {
        StorageShapes.RequireNumbers(tensor);
        Shapes.RequireFinite(tensor, "The numbers to quantize");
        using var scope = NewDisposeScope();
        double[] numbers = tensor.numel() == 0 ? [] : tensor.detach().to(ScalarType.Float64, CPU).contiguous().data<double>().ToArray();
        return Array.ConvertAll(numbers, x => (int)Math.Clamp(Math.Round((x - (Offset ?? 0.0)) / Step), Lowest, Highest));
    }

    /// <summary>The levels of codes.</summary>
    /// <returns>Float32 on the CPU, in the given shape.</returns>
    internal Tensor Dequantize(int[] codes, IReadOnlyList<long> shape) => tensor(Array.ConvertAll(codes, Level), [.. shape]);

    /// <summary>Requires that every code has a level, and that there is one per number.</summary>
    internal void Require(IReadOnlyList<long> shape, ReadOnlySpan<int> codes)
    {
        if (codes.Length != StorageShapes.Count(shape))
            throw new ArgumentException($"There are {codes.Length} codes, but the shape {Shapes.List(shape)} has {StorageShapes.Count(shape)} numbers.", nameof(codes));
        foreach (int code in codes)
        {
            if (code < Lowest || code > Highest)
                throw new ArgumentException($"The code {code} has no level; codes of {Bits} bits go from {Lowest} to {Highest}.", nameof(codes));
        }
    }

    private static (double Low, double High) Range(Tensor tensor)
    {
        StorageShapes.RequireNumbers(tensor);
        Shapes.RequireFinite(tensor, "The numbers to quantize");
        using var scope = NewDisposeScope();
        if (tensor.numel() == 0)
            return (0, 0);
        var exact = tensor.detach().to(ScalarType.Float64);
        return (exact.min().item<double>(), exact.max().item<double>());
    }
}
