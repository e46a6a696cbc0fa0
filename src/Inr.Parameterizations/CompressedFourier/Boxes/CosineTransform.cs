using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Orthonormal cosine transforms of boxes, as products of small matrices.</summary>
/// <remarks>Every number is a sum in a fixed order, of products that are rounded: the width of a machine's vectors changes nothing.</remarks>
internal sealed class CosineTransform
{
    /// <summary>The largest side, as a logarithm.</summary>
    public const int LogLargest = 10;

    private static readonly Lazy<float[]>[] Cosines = [.. Enumerable.Range(0, LogLargest + 1).Select(log => new Lazy<float[]>(() => Matrix(log, transposed: false)))];
    private static readonly Lazy<float[]>[] Transposed = [.. Enumerable.Range(0, LogLargest + 1).Select(log => new Lazy<float[]>(() => Matrix(log, transposed: true)))];

    private readonly float[] _rows = new float[1 << 12];
    private readonly int[] _used = new int[64];

    /// <summary>The cosines of a side: entry k·n + i is function k at sample i.</summary>
    public static float[] Of(int log) => Cosines[log].Value;

    /// <summary>The coefficients of a box.</summary>
    /// <param name="samples">Row by row.</param>
    /// <param name="coefficients">Receives v·w + u.</param>
    /// <param name="logWidth">The width.</param>
    /// <param name="logHeight">The height.</param>
    public void Forward(ReadOnlySpan<float> samples, Span<float> coefficients, int logWidth, int logHeight)
    {
        int w = 1 << logWidth, h = 1 << logHeight;
        if (logHeight == 0)
        {
            Multiply(samples, Transposed[logWidth].Value, coefficients, 1, w, w);
            return;
        }

        Multiply(samples, Transposed[logWidth].Value, _rows, h, w, w);
        Multiply(Cosines[logHeight].Value, _rows, coefficients, h, h, w);
    }

    /// <summary>The samples of coefficients that are 0 for the most part.</summary>
    public void Inverse(ReadOnlySpan<float> coefficients, Span<float> samples, int logWidth, int logHeight)
    {
        int w = 1 << logWidth, h = 1 << logHeight, used = 0;
        var cosines = Cosines[logWidth].Value;
        for (int v = 0; v < h; v++)
        {
            var row = _rows.AsSpan(used * w, w);
            bool any = false;
            for (int u = 0; u < w; u++)
            {
                float c = coefficients[(v * w) + u];
                if (c == 0)
                    continue;
                if (!any)
                    row.Clear();
                any = true;
                AddScaled(row, c, cosines.AsSpan(u * w, w));
            }

            if (any)
                _used[used++] = v;
        }

        if (used == 0)
        {
            samples[..(w * h)].Clear();
            return;
        }

        var vertical = Cosines[logHeight].Value;
        for (int y = 0; y < h; y++)
        {
            var row = samples.Slice(y * w, w);
            row.Clear();
            for (int k = 0; k < used; k++)
                AddScaled(row, vertical[(_used[k] * h) + y], _rows.AsSpan(k * w, w));
        }
    }

    // out[m,:] = Σ_k a[m,k]·b[k,:]
    private static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, int rows, int inner, int columns)
    {
        ref float left = ref MemoryMarshal.GetReference(a), right = ref MemoryMarshal.GetReference(b), to = ref MemoryMarshal.GetReference(result);
        if (columns < Vector256<float>.Count)
        {
            for (int m = 0; m < rows; m++)
            {
                var sum = Vector128<float>.Zero;
                for (int k = 0; k < inner; k++)
                    sum += Vector128.Create(Unsafe.Add(ref left, (m * inner) + k)) * Vector128.LoadUnsafe(ref right, (nuint)(k * columns));
                sum.StoreUnsafe(ref to, (nuint)(m * columns));
            }

            return;
        }

        for (int n = 0; n < columns; n += Vector256<float>.Count)
        {
            int m = 0;
            for (; m + 4 <= rows; m += 4)
            {
                var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
                int at = m * inner;
                for (int k = 0; k < inner; k++)
                {
                    var column = Vector256.LoadUnsafe(ref right, (nuint)((k * columns) + n));
                    s0 += Vector256.Create(Unsafe.Add(ref left, at + k)) * column;
                    s1 += Vector256.Create(Unsafe.Add(ref left, at + inner + k)) * column;
                    s2 += Vector256.Create(Unsafe.Add(ref left, at + (2 * inner) + k)) * column;
                    s3 += Vector256.Create(Unsafe.Add(ref left, at + (3 * inner) + k)) * column;
                }

                s0.StoreUnsafe(ref to, (nuint)((m * columns) + n));
                s1.StoreUnsafe(ref to, (nuint)(((m + 1) * columns) + n));
                s2.StoreUnsafe(ref to, (nuint)(((m + 2) * columns) + n));
                s3.StoreUnsafe(ref to, (nuint)(((m + 3) * columns) + n));
            }

            for (; m < rows; m++)
            {
                var sum = Vector256<float>.Zero;
                for (int k = 0; k < inner; k++)
                    sum += Vector256.Create(Unsafe.Add(ref left, (m * inner) + k)) * Vector256.LoadUnsafe(ref right, (nuint)((k * columns) + n));
                sum.StoreUnsafe(ref to, (nuint)((m * columns) + n));
            }
        }
    }

    private static void AddScaled(Span<float> sum, float scale, ReadOnlySpan<float> row)
    {
        ref float to = ref MemoryMarshal.GetReference(sum), from = ref MemoryMarshal.GetReference(row);
        int i = 0;
        for (; i + Vector256<float>.Count <= sum.Length; i += Vector256<float>.Count)
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (Vector256.Create(scale) * Vector256.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        for (; i < sum.Length; i++)
            Unsafe.Add(ref to, i) += scale * Unsafe.Add(ref from, i);
    }

    private static float[] Matrix(int log, bool transposed)
    {
        int n = 1 << log;
        var matrix = new float[n * n];
        for (int k = 0; k < n; k++)
        {
            double norm = Math.Sqrt((k == 0 ? 1.0 : 2.0) / n);
            for (int i = 0; i < n; i++)
                matrix[transposed ? (i * n) + k : (k * n) + i] = (float)(norm * Math.Cos(Math.PI * k * ((2 * i) + 1) / (2 * n)));
        }

        return matrix;
    }
}
