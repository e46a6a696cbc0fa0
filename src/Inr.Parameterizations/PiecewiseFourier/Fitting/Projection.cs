using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Inner products of 16 cells with the columns of a region's basis: small matrix products with the cells in the lanes.</summary>
internal static class Projection
{
    /// <summary>What every column gains for every channel: the squared inner product less the price of a number.</summary>
    /// <param name="samples">The tile, [channel][sample][16].</param>
    /// <param name="size">Samples of a cell.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="basis">The basis of a region.</param>
    /// <param name="price">What one stored number costs (λ).</param>
    /// <param name="gains">Receives [channel][column][16].</param>
    public static void Gains(float[] samples, int size, int channels, RegionBasis basis, float price, float[] gains)
    {
        int c = 0;
        for (; c + 3 <= channels; c += 3)
            Three(ref samples[c * size * Lanes.Width], size, basis, price, ref gains[c * basis.Count * Lanes.Width]);
        for (; c < channels; c++)
            One(ref samples[c * size * Lanes.Width], basis, price, ref gains[c * basis.Count * Lanes.Width]);
    }

    // 3 channels × 8 columns fill 24 of the 32 vector registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three(ref float x, int size, RegionBasis basis, float price, ref float y)
    {
        ref float columns = ref basis.Columns[0];
        var lambda = Vector512.Create(price);
        nuint channel = (nuint)(size * Lanes.Width);
        for (int j = 0; j < basis.Count; j += 8)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
            Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
            ref float w = ref Unsafe.Add(ref columns, j);
            foreach (int s in basis.Samples)
            {
                nuint p = (nuint)s * Lanes.Width;
                var x0 = Vector512.LoadUnsafe(ref x, p);
                var x1 = Vector512.LoadUnsafe(ref x, p + channel);
                var x2 = Vector512.LoadUnsafe(ref x, p + (2 * channel));
                var v = Vector512.Create(w);
                a0 = Lanes.MultiplyAdd(x0, v, a0);
                b0 = Lanes.MultiplyAdd(x1, v, b0);
                c0 = Lanes.MultiplyAdd(x2, v, c0);
                v = Vector512.Create(Unsafe.Add(ref w, 1));
                a1 = Lanes.MultiplyAdd(x0, v, a1);
                b1 = Lanes.MultiplyAdd(x1, v, b1);
                c1 = Lanes.MultiplyAdd(x2, v, c1);
                v = Vector512.Create(Unsafe.Add(ref w, 2));
                a2 = Lanes.MultiplyAdd(x0, v, a2);
                b2 = Lanes.MultiplyAdd(x1, v, b2);
                c2 = Lanes.MultiplyAdd(x2, v, c2);
                v = Vector512.Create(Unsafe.Add(ref w, 3));
                a3 = Lanes.MultiplyAdd(x0, v, a3);
                b3 = Lanes.MultiplyAdd(x1, v, b3);
                c3 = Lanes.MultiplyAdd(x2, v, c3);
                v = Vector512.Create(Unsafe.Add(ref w, 4));
                a4 = Lanes.MultiplyAdd(x0, v, a4);
                b4 = Lanes.MultiplyAdd(x1, v, b4);
                c4 = Lanes.MultiplyAdd(x2, v, c4);
                v = Vector512.Create(Unsafe.Add(ref w, 5));
                a5 = Lanes.MultiplyAdd(x0, v, a5);
                b5 = Lanes.MultiplyAdd(x1, v, b5);
                c5 = Lanes.MultiplyAdd(x2, v, c5);
                v = Vector512.Create(Unsafe.Add(ref w, 6));
                a6 = Lanes.MultiplyAdd(x0, v, a6);
                b6 = Lanes.MultiplyAdd(x1, v, b6);
                c6 = Lanes.MultiplyAdd(x2, v, c6);
                v = Vector512.Create(Unsafe.Add(ref w, 7));
                a7 = Lanes.MultiplyAdd(x0, v, a7);
                b7 = Lanes.MultiplyAdd(x1, v, b7);
                c7 = Lanes.MultiplyAdd(x2, v, c7);
                w = ref Unsafe.Add(ref w, basis.Count);
            }

            Store(ref Unsafe.Add(ref y, j * Lanes.Width), lambda, a0, a1, a2, a3, a4, a5, a6, a7);
            Store(ref Unsafe.Add(ref y, (basis.Count + j) * Lanes.Width), lambda, b0, b1, b2, b3, b4, b5, b6, b7);
            Store(ref Unsafe.Add(ref y, ((2 * basis.Count) + j) * Lanes.Width), lambda, c0, c1, c2, c3, c4, c5, c6, c7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(ref float x, RegionBasis basis, float price, ref float y)
    {
        ref float columns = ref basis.Columns[0];
        var lambda = Vector512.Create(price);
        for (int j = 0; j < basis.Count; j += 8)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            ref float w = ref Unsafe.Add(ref columns, j);
            foreach (int s in basis.Samples)
            {
                var v = Vector512.LoadUnsafe(ref x, (nuint)s * Lanes.Width);
                a0 = Lanes.MultiplyAdd(v, Vector512.Create(w), a0);
                a1 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 1)), a1);
                a2 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 2)), a2);
                a3 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 3)), a3);
                a4 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 4)), a4);
                a5 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 5)), a5);
                a6 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 6)), a6);
                a7 = Lanes.MultiplyAdd(v, Vector512.Create(Unsafe.Add(ref w, 7)), a7);
                w = ref Unsafe.Add(ref w, basis.Count);
            }

            Store(ref Unsafe.Add(ref y, j * Lanes.Width), lambda, a0, a1, a2, a3, a4, a5, a6, a7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        ref float y,
        Vector512<float> lambda,
        Vector512<float> a0,
        Vector512<float> a1,
        Vector512<float> a2,
        Vector512<float> a3,
        Vector512<float> a4,
        Vector512<float> a5,
        Vector512<float> a6,
        Vector512<float> a7)
    {
        ((a0 * a0) - lambda).StoreUnsafe(ref y);
        ((a1 * a1) - lambda).StoreUnsafe(ref y, 16);
        ((a2 * a2) - lambda).StoreUnsafe(ref y, 32);
        ((a3 * a3) - lambda).StoreUnsafe(ref y, 48);
        ((a4 * a4) - lambda).StoreUnsafe(ref y, 64);
        ((a5 * a5) - lambda).StoreUnsafe(ref y, 80);
        ((a6 * a6) - lambda).StoreUnsafe(ref y, 96);
        ((a7 * a7) - lambda).StoreUnsafe(ref y, 112);
    }
}
