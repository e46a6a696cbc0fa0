using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The orthonormal cosine transform (DCT-II) of one box in double precision, up to the frequencies that are wanted.</summary>
/// <remarks>
/// Axis by axis. Every element is one sum in ascending order of the samples, so the result does not depend on how many
/// neighbours are computed beside it. Long axes go through <see cref="FastCosineTransform"/>.
/// </remarks>
internal static class BoxTransform
{
    /// <summary>Transforms a box.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="values">Its values, row-major.</param>
    /// <param name="extents">On each axis, how many of the lowest frequencies are wanted.</param>
    /// <returns>The coefficients, row-major in the shape of the extents.</returns>
    public static double[] Apply(ReadOnlySpan<int> shape, ReadOnlySpan<double> values, ReadOnlySpan<int> extents)
    {
        double[]? current = null;
        int inner = values.Length, outer = 1;
        for (int a = 0; a < shape.Length; a++)
        {
            int n = shape[a], wanted = extents[a];
            var source = current is null ? values : current.AsSpan(0, outer * inner);
            inner /= n;
            var next = ArrayPool<double>.Shared.Rent(outer * wanted * inner);
            if (n >= FastCosineTransform.ShortestSide)
                Long(source, n, wanted, outer, inner, next);
            else
                ByTable(source, n, wanted, outer, inner, next);
            if (current is not null)
                ArrayPool<double>.Shared.Return(current);
            current = next;
            outer *= wanted;
        }

        double[] result = current![..(outer * inner)];
        ArrayPool<double>.Shared.Return(current);
        return result;
    }

    /// <summary>On each axis, one more than the highest frequency among some terms; at least 1.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="terms">Terms channel·P + frequency.</param>
    public static int[] Extents(ReadOnlySpan<int> shape, ReadOnlySpan<int> terms)
    {
        int d = shape.Length;
        var extents = new int[d];
        Array.Fill(extents, 1);
        foreach (int term in terms)
        {
            int rest = term;
            for (int a = d - 1; a >= 0; a--)
            {
                extents[a] = Math.Max(extents[a], (rest % shape[a]) + 1);
                rest /= shape[a];
            }
        }

        return extents;
    }

    /// <summary>Where a term lies among coefficients that were transformed up to some extents, channel by channel.</summary>
    /// <param name="shape">The shape of the box.</param>
    /// <param name="extents">The extents.</param>
    /// <param name="term">A term channel·P + frequency.</param>
    public static (int Channel, int Index) Locate(ReadOnlySpan<int> shape, ReadOnlySpan<int> extents, int term)
    {
        int index = 0, below = 1;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            index += term % shape[a] * below;
            below *= extents[a];
            term /= shape[a];
        }

        return (term, index);
    }

    /// <summary>Transforms one axis by a table of cosines.</summary>
    /// <param name="x">Values, [outer, n, inner].</param>
    /// <param name="n">The length of the axis.</param>
    /// <param name="wanted">How many of the lowest frequencies are wanted.</param>
    /// <param name="outer">The elements of the axes before it.</param>
    /// <param name="inner">The elements of the axes behind it.</param>
    /// <param name="y">Receives [outer, wanted, inner].</param>
    public static void ByTable(ReadOnlySpan<double> x, int n, int wanted, int outer, int inner, double[] y)
    {
        // Element [i·n + u]: the factors of neighbouring frequencies lie beside each other.
        ref double table = ref MemoryMarshal.GetArrayDataReference(CosineTables.Transposed(n));
        ref double source = ref MemoryMarshal.GetReference(x), target = ref MemoryMarshal.GetArrayDataReference(y);
        for (int o = 0; o < outer; o++)
        {
            ref double from = ref Unsafe.Add(ref source, o * n * inner);
            ref double to = ref Unsafe.Add(ref target, o * wanted * inner);
            if (inner == 1)
                Row(ref from, n, wanted, ref table, ref to);
            else
                Columns(ref from, n, wanted, inner, ref table, ref to);
        }
    }

    private static void Long(ReadOnlySpan<double> x, int n, int wanted, int outer, int inner, double[] y)
    {
        var all = FastCosineTransform.Apply(x, n, inner);
        for (int o = 0; o < outer; o++)
            all.AsSpan(o * n * inner, wanted * inner).CopyTo(y.AsSpan(o * wanted * inner));
    }

    // Neighbouring frequencies in the lanes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(ref double x, int n, int wanted, ref double table, ref double y)
    {
        int width = Vector512<double>.Count, u = 0;
        for (; u + (2 * width) <= wanted; u += 2 * width)
        {
            Vector512<double> a = default, b = default;
            for (int i = 0; i < n; i++)
            {
                var v = Vector512.Create(At(ref x, i));
                a += v * Vector512.LoadUnsafe(ref table, (nuint)((i * n) + u));
                b += v * Vector512.LoadUnsafe(ref table, (nuint)((i * n) + u + width));
            }

            a.StoreUnsafe(ref y, (nuint)u);
            b.StoreUnsafe(ref y, (nuint)(u + width));
        }

        for (; u + width <= wanted; u += width)
        {
            Vector512<double> a = default;
            for (int i = 0; i < n; i++)
                a += Vector512.Create(At(ref x, i)) * Vector512.LoadUnsafe(ref table, (nuint)((i * n) + u));
            a.StoreUnsafe(ref y, (nuint)u);
        }

        for (; u < wanted; u++)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += At(ref x, i) * At(ref table, (i * n) + u);
            At(ref y, u) = sum;
        }
    }

    // Neighbouring samples of the other axes in the lanes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(ref double x, int n, int wanted, int inner, ref double table, ref double y)
    {
        int width = Vector512<double>.Count, j = 0;
        for (; j + width <= inner; j += width)
        {
            int u = 0;
            for (; u + 4 <= wanted; u += 4)
            {
                Vector512<double> a = default, b = default, c = default, d = default;
                for (int i = 0; i < n; i++)
                {
                    var v = Vector512.LoadUnsafe(ref x, (nuint)((i * inner) + j));
                    int at = (i * n) + u;
                    a += v * Vector512.Create(At(ref table, at));
                    b += v * Vector512.Create(At(ref table, at + 1));
                    c += v * Vector512.Create(At(ref table, at + 2));
                    d += v * Vector512.Create(At(ref table, at + 3));
                }

                a.StoreUnsafe(ref y, (nuint)((u * inner) + j));
                b.StoreUnsafe(ref y, (nuint)(((u + 1) * inner) + j));
                c.StoreUnsafe(ref y, (nuint)(((u + 2) * inner) + j));
                d.StoreUnsafe(ref y, (nuint)(((u + 3) * inner) + j));
            }

            for (; u < wanted; u++)
            {
                Vector512<double> a = default;
                for (int i = 0; i < n; i++)
                    a += Vector512.LoadUnsafe(ref x, (nuint)((i * inner) + j)) * Vector512.Create(At(ref table, (i * n) + u));
                a.StoreUnsafe(ref y, (nuint)((u * inner) + j));
            }
        }

        for (; j < inner; j++)
        {
            for (int u = 0; u < wanted; u++)
            {
                double sum = 0;
                for (int i = 0; i < n; i++)
                    sum += At(ref x, (i * inner) + j) * At(ref table, (i * n) + u);
                At(ref y, (u * inner) + j) = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref double At(ref double start, int index) => ref Unsafe.Add(ref start, index);
}
