using System.Runtime.InteropServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The orthonormal cosine transform (DCT-II) of long lines by one Fourier transform of as many samples each.</summary>
/// <remarks>
/// With <c>v = (x₀, x₂, …, x₃, x₁)</c> and V its Fourier transform, <c>Σ_i x_i·cos(πu(i+½)/n) = Re(V_u·e^{−iπu/2n})</c>
/// (Makhoul, 1980): n·log n operations and no table of n² cosines. v is real, so half of V is computed.
/// </remarks>
internal sealed class FastCosineTransform
{
    /// <summary>Shorter lines are done faster by a table, which stays in cache.</summary>
    public const int ShortestSide = 128;

    /// <summary>Numbers that are transformed at once: lines of some milliseconds.</summary>
    private const int NumbersAtOnce = 1 << 18;

    private readonly int _side;
    private readonly double[] _cosines;
    private readonly double[] _sines;

    /// <param name="side">The length n of a line.</param>
    public FastCosineTransform(int side)
    {
        _side = side;
        (_cosines, _sines) = Turns(side, 0, side);
    }

    /// <summary>Lines that are transformed at once.</summary>
    public int LinesAtOnce => Math.Max(1, NumbersAtOnce / _side);

    /// <summary>Transforms one axis of a small array.</summary>
    /// <param name="values">Values in row-major order.</param>
    /// <param name="side">The length n of the axis.</param>
    /// <param name="inner">The distance between neighbours on it.</param>
    public static double[] Apply(ReadOnlySpan<double> values, int side, int inner)
    {
        var result = values.ToArray();
        var transform = new FastCosineTransform(side);
        for (int o = 0; o < result.Length; o += side * inner)
        {
            for (int j = 0; j < inner; j += transform.LinesAtOnce)
                transform.Run(result.AsSpan(o + j, (side * inner) - j), Math.Min(transform.LinesAtOnce, inner - j), 1, inner);
        }

        return result;
    }

    /// <summary>The factors <c>s_u·cos(−πu/2n)</c> and <c>s_u·sin(−πu/2n)</c> of some frequencies u.</summary>
    /// <param name="side">n.</param>
    /// <param name="first">The first frequency.</param>
    /// <param name="count">How many.</param>
    public static (double[] Cosines, double[] Sines) Turns(int side, long first, int count)
    {
        using var scope = NewDisposeScope();
        var angle = arange(first, first + count, dtype: float64, device: CPU) * (-Math.PI / (2.0 * side));
        var scale = full([count], CosineTables.Scale(1, side), dtype: float64, device: CPU);
        if (first == 0)
            scale[0] = CosineTables.Scale(0, side);
        return ((angle.cos() * scale).data<double>().ToArray(), (angle.sin() * scale).data<double>().ToArray());
    }

    /// <summary>Transforms lines in place.</summary>
    /// <param name="data">From the first number of the first line on.</param>
    /// <param name="lines">How many lines.</param>
    /// <param name="apart">The distance between lines.</param>
    /// <param name="step">The distance between neighbours on a line.</param>
    public void Run(Span<double> data, int lines, int apart, int step)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int n = _side;
        var v = empty([lines, n], float64, CPU);
        var shuffled = MemoryMarshal.Cast<byte, double>(v.bytes);
        for (int i = 0; i < n; i++)
        {
            int at = i % 2 == 0 ? i / 2 : n - 1 - (i / 2);
            for (int l = 0; l < lines; l++)
                shuffled[(l * n) + at] = data[(l * apart) + (i * step)];
        }

        int half = (n / 2) + 1;
        var spectrum = MemoryMarshal.Cast<byte, double>(fft.rfft(v, dim: 1).contiguous().bytes);
        for (int u = 0; u < n; u++)
        {
            // V_u for u up to n/2; its conjugate is V_{n−u}.
            bool mirrored = u >= half;
            int at = 2 * (mirrored ? n - u : u);
            double cosine = _cosines[u], sine = mirrored ? -_sines[u] : _sines[u];
            for (int l = 0; l < lines; l++)
            {
                double real = spectrum[(2 * half * l) + at], imaginary = spectrum[(2 * half * l) + at + 1];
                data[(l * apart) + (u * step)] = (real * cosine) - (imaginary * sine);
            }
        }
    }
}
