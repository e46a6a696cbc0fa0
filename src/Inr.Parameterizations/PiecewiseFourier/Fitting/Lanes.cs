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

    /// <summary>Terms of a prefix between two looks at whether a longer one can pay.</summary>
    public const int PrefixBlock = 8;

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

    /// <summary>The smaller of two numbers, of which none is NaN.</summary>
    /// <remarks>That of the standard looks after NaN and the sign of zero in four instructions more.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b)
    {
#if NET9_0_OR_GREATER
        return Vector512.MinNative(a, b);
#else
        return Vector512.Min(a, b);
#endif
    }

    /// <summary>The best prefix of one order for each of 16 cells.</summary>
    /// <param name="gains">What each term gains: its squared coefficient less λ, [terms][16].</param>
    /// <param name="total">The squared coefficients of all terms of the cell, those outside the order included.</param>
    /// <param name="order">The terms in their order.</param>
    /// <param name="price">What one stored number costs (λ).</param>
    /// <param name="cost">Lowest of (energy left out) + λ·(length), per cell.</param>
    /// <param name="length">The length that reaches it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BestPrefix(ref float gains, Vector512<float> total, ReadOnlySpan<int> order, float price, out Vector512<float> cost, out Vector512<float> length)
    {
        var now = total;
        var best = total;
        var bestAt = Vector512<float>.Zero;
        var n = Vector512<float>.Zero;
        int i = 0;
        while (i < order.Length)
        {
            // Once less than λ is left in every cell, no further term can pay for itself.
            if (Vector512.LessThanAll(now, Vector512.Create(price * (i + 1))))
                break;
            int end = Math.Min(i + PrefixBlock, order.Length);
            for (; i < end; i++)
            {
                now -= Vector512.LoadUnsafe(ref gains, (nuint)order[i] * Width);
                n += Vector512<float>.One;
                var better = Vector512.LessThan(now, best);
                best = Min(now, best);
                bestAt = Vector512.ConditionalSelect(better, n, bestAt);
            }
        }

        cost = best;
        length = bestAt;
    }

    /// <summary>The costs of the best prefixes of two orders of one length for each of 16 cells, and about how long they are.</summary>
    /// <remarks>A term costs a subtraction and a minimum; two orders at once hide how long a subtraction takes.</remarks>
    /// <param name="gains">What each term gains: its squared coefficient less λ, [terms][16].</param>
    /// <param name="total">The squared coefficients of all terms of the cell, those outside the order included.</param>
    /// <param name="first">The terms in one order.</param>
    /// <param name="second">The terms in another.</param>
    /// <param name="price">What one stored number costs (λ).</param>
    /// <param name="firstBest">For the first order, the lowest of (energy left out) + λ·(length), and the end of the <see cref="PrefixBlock"/> whose lengths reach it.</param>
    /// <param name="secondBest">The same for the second.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BestPrefixes(
        ref float gains,
        Vector512<float> total,
        ReadOnlySpan<int> first,
        ReadOnlySpan<int> second,
        float price,
        out (Vector512<float> Cost, Vector512<float> End) firstBest,
        out (Vector512<float> Cost, Vector512<float> End) secondBest)
    {
        var a = total;
        var b = total;
        var bestA = total;
        var bestB = total;
        var endA = Vector512<float>.Zero;
        var endB = Vector512<float>.Zero;
        int i = 0, count = Math.Min(first.Length, second.Length);
        while (i < count)
        {
            var limit = Vector512.Create(price * (i + 1));
            if (Vector512.LessThanAll(a, limit) && Vector512.LessThanAll(b, limit))
                break;
            int end = Math.Min(i + PrefixBlock, count);
            var lowA = bestA;
            var lowB = bestB;
            for (; i < end; i++)
            {
                a -= Vector512.LoadUnsafe(ref gains, (nuint)first[i] * Width);
                b -= Vector512.LoadUnsafe(ref gains, (nuint)second[i] * Width);
                lowA = Min(a, lowA);
                lowB = Min(b, lowB);
            }

            var at = Vector512.Create((float)i);
            endA = Vector512.ConditionalSelect(Vector512.LessThan(lowA, bestA), at, endA);
            endB = Vector512.ConditionalSelect(Vector512.LessThan(lowB, bestB), at, endB);
            bestA = lowA;
            bestB = lowB;
        }

        firstBest = (bestA, endA);
        secondBest = (bestB, endB);
    }
}
