using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The sums of a region's terms at one point, and at 16 points at once: the same operations in the same order, so the same bits.</summary>
internal static unsafe class PointKernels
{
    /// <summary>Points that one call of <see cref="SumLanes"/> evaluates.</summary>
    public const int Lanes = 16;

    /// <summary>One point: a vector holds eight neighbouring frequencies of the last axis.</summary>
    /// <param name="region">The region.</param>
    /// <param name="dense">The coefficients of all regions.</param>
    /// <param name="w0">cos(πut) on the first axis, at [u].</param>
    /// <param name="w1">On the second one.</param>
    /// <param name="w2">On the last one, up to a multiple of 8.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="sum">Receives one sum per channel.</param>
    public static void Sum(in DenseRegions.Region region, float* dense, float* w0, float* w1, float* w2, int channels, float* sum)
    {
        int row = region.Row, length = region.ChannelLength;
        float* c = dense + region.Offset;
        for (int channel = 0; channel < channels; channel++, c += length)
        {
            var total = Vector256<float>.Zero;
            for (int k = 0; k < row; k += 8)
            {
                var part = Vector256<float>.Zero;
                float* r = c + k;
                for (int u0 = 0; u0 < region.Extent0; u0++)
                {
                    var plane = Vector256<float>.Zero;
                    for (int u1 = 0; u1 < region.Extent1; u1++, r += row)
                        plane += Vector256.Load(r) * Vector256.Create(w1[u1]);
                    part += plane * Vector256.Create(w0[u0]);
                }

                total += part * Vector256.Load(w2 + k);
            }

            var four = Pairs(total.GetLower());
            var eight = Pairs(total.GetUpper());
            sum[channel] = four.ToScalar() + eight.ToScalar();
        }
    }

    /// <summary>16 points of one region: a vector holds one frequency at each of them.</summary>
    /// <param name="region">The region.</param>
    /// <param name="dense">The coefficients of all regions.</param>
    /// <param name="w0">cos(πut) of the 16 points on the first axis, at [16·u].</param>
    /// <param name="w1">On the second one.</param>
    /// <param name="w2">On the last one.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="sum">Receives 16 sums per channel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SumLanes(in DenseRegions.Region region, float* dense, float* w0, float* w1, float* w2, int channels, float* sum)
    {
        int row = region.Row, length = region.ChannelLength, last = region.Extent2;
        float* c = dense + region.Offset;
        // Frequency u of the last axis adds to the total of u mod 8, as the eight lanes of one point do.
        float* totals = stackalloc float[8 * Lanes];
        for (int channel = 0; channel < channels; channel++, c += length)
        {
            new Span<float>(totals, 8 * Lanes).Clear();
            int u = 0;
            for (; u + 4 <= last; u += 4)
            {
                Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
                float* r = c + u;
                for (int u0 = 0; u0 < region.Extent0; u0++)
                {
                    Vector512<float> p0 = default, p1 = default, p2 = default, p3 = default;
                    float* w = w1;
                    for (int u1 = 0; u1 < region.Extent1; u1++, r += row, w += Lanes)
                    {
                        var wave = Vector512.Load(w);
                        p0 += Vector512.Create(r[0]) * wave;
                        p1 += Vector512.Create(r[1]) * wave;
                        p2 += Vector512.Create(r[2]) * wave;
                        p3 += Vector512.Create(r[3]) * wave;
                    }

                    var outer = Vector512.Load(w0 + (u0 * Lanes));
                    a0 += p0 * outer;
                    a1 += p1 * outer;
                    a2 += p2 * outer;
                    a3 += p3 * outer;
                }

                float* total = totals + (u % 8 * Lanes), v = w2 + (u * Lanes);
                (Vector512.Load(total) + (a0 * Vector512.Load(v))).Store(total);
                (Vector512.Load(total + Lanes) + (a1 * Vector512.Load(v + Lanes))).Store(total + Lanes);
                (Vector512.Load(total + (2 * Lanes)) + (a2 * Vector512.Load(v + (2 * Lanes)))).Store(total + (2 * Lanes));
                (Vector512.Load(total + (3 * Lanes)) + (a3 * Vector512.Load(v + (3 * Lanes)))).Store(total + (3 * Lanes));
            }

            for (; u < last; u++)
            {
                Vector512<float> a = default;
                float* r = c + u;
                for (int u0 = 0; u0 < region.Extent0; u0++)
                {
                    Vector512<float> p = default;
                    for (int u1 = 0; u1 < region.Extent1; u1++, r += row)
                        p += Vector512.Create(*r) * Vector512.Load(w1 + (u1 * Lanes));
                    a += p * Vector512.Load(w0 + (u0 * Lanes));
                }

                float* total = totals + (u % 8 * Lanes);
                (Vector512.Load(total) + (a * Vector512.Load(w2 + (u * Lanes)))).Store(total);
            }

            (Pairs(totals) + Pairs(totals + (4 * Lanes))).Store(sum + (channel * Lanes));
        }
    }

    // ((0 + 1) + (2 + 3)) in every element.
    private static Vector128<float> Pairs(Vector128<float> v)
    {
        v += Vector128.Shuffle(v, Vector128.Create(1, 0, 3, 2));
        return v + Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1));
    }

    private static Vector512<float> Pairs(float* t) =>
        (Vector512.Load(t) + Vector512.Load(t + Lanes)) + (Vector512.Load(t + (2 * Lanes)) + Vector512.Load(t + (3 * Lanes)));
}
