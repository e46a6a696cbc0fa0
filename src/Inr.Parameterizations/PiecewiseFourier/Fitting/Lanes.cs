using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Work on 16 cells at once: element i of cell ℓ lies at [16·i + ℓ], so that one vector holds the same element of 16 cells.</summary>
/// <remarks>Vectors of 512 bits run as two or four narrower ones where the processor has none.</remarks>
internal static class Lanes
{
    /// <summary>Cells of a tile.</summary>
    public const int Width = 16;

    /// <summary>a·b + c, fused where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c)
    {
#if NET9_0_OR_GREATER
        return Vector512.MultiplyAddEstimate(a, b, c);
#else
        return Avx512F.IsSupported ? Avx512F.FusedMultiplyAdd(a, b, c) : (a * b) + c;
#endif
    }

    /// <summary>Transforms one channel of a tile along every axis by the orthonormal cosine transform.</summary>
    /// <param name="shape">The shape of the cells.</param>
    /// <param name="data">Elements of the tile, [P][16], replaced by the coefficients.</param>
    /// <param name="scratch">As long as the data.</param>
    public static void Transform(ReadOnlySpan<int> shape, Span<float> data, Span<float> scratch)
    {
        int size = data.Length / Width;
        int inner = size;
        foreach (int n in shape)
        {
            inner /= n;
            if (n == 1)
                continue;
            TransformAxis(n, inner, size / (n * inner), data, scratch);
            scratch[..data.Length].CopyTo(data);
        }
    }

    private static void TransformAxis(int n, int inner, int outer, ReadOnlySpan<float> x, Span<float> y)
    {
        var table = CosineTables.Orthonormal(n);
        ref float source = ref Unsafe.AsRef(in x[0]);
        ref float target = ref y[0];
        ref float cosine = ref table[0];
        nuint step = (nuint)(inner * Width);
        for (int o = 0; o < outer; o++)
        {
            for (int k = 0; k < inner; k++)
            {
                nuint at = (nuint)((((long)o * n * inner) + k) * Width);
                int u = 0;
                for (; u + 4 <= n; u += 4)
                {
                    Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
                    ref float c = ref Unsafe.Add(ref cosine, u * n);
                    nuint p = at;
                    for (int i = 0; i < n; i++, p += step)
                    {
                        var v = Vector512.LoadUnsafe(ref source, p);
                        a0 = MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref c, i)), a0);
                        a1 = MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref c, i + n)), a1);
                        a2 = MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref c, i + (2 * n))), a2);
                        a3 = MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref c, i + (3 * n))), a3);
                    }

                    nuint q = at + ((nuint)u * step);
                    a0.StoreUnsafe(ref target, q);
                    a1.StoreUnsafe(ref target, q + step);
                    a2.StoreUnsafe(ref target, q + (2 * step));
                    a3.StoreUnsafe(ref target, q + (3 * step));
                }

                for (; u < n; u++)
                {
                    Vector512<float> a = default;
                    nuint p = at;
                    for (int i = 0; i < n; i++, p += step)
                        a = MultiplyAdd(Vector512.LoadUnsafe(ref source, p), Vector512.Create(Unsafe.Add(ref cosine, (u * n) + i)), a);
                    a.StoreUnsafe(ref target, at + ((nuint)u * step));
                }
            }
        }
    }

    /// <summary>The best prefix of one order for each of 16 cells.</summary>
    /// <param name="energies">Squared coefficients, [terms][16].</param>
    /// <param name="total">Their sum over all terms of the cell, those outside the order included.</param>
    /// <param name="order">The terms in their order.</param>
    /// <param name="price">What one stored number costs (λ).</param>
    /// <param name="cost">Lowest of (energy left out) + λ·(length), per cell.</param>
    /// <param name="length">The length that reaches it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BestPrefix(ref float energies, Vector512<float> total, ReadOnlySpan<int> order, float price, out Vector512<float> cost, out Vector512<float> length)
    {
        const int CheckEvery = 8;
        var left = total;
        var best = total;
        var bestAt = Vector512<float>.Zero;
        var lambda = Vector512.Create(price);
        var spent = Vector512<float>.Zero;
        var n = Vector512<float>.Zero;
        int i = 0;
        while (i < order.Length)
        {
            // Once less than λ is left in every cell, no further term can pay for itself.
            if (Vector512.LessThanAll(left, lambda))
                break;
            int end = Math.Min(i + CheckEvery, order.Length);
            for (; i < end; i++)
            {
                left -= Vector512.LoadUnsafe(ref energies, (nuint)order[i] * Width);
                spent += lambda;
                n += Vector512<float>.One;
                var j = left + spent;
                var better = Vector512.LessThan(j, best);
                best = Vector512.Min(j, best);
                bestAt = Vector512.ConditionalSelect(better, n, bestAt);
            }
        }

        cost = best;
        length = bestAt;
    }
}
