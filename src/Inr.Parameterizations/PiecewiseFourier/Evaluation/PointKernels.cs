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
        int length = region.ChannelLength;
        float* c = dense + region.Offset;
        for (int channel = 0; channel < channels; channel++, c += length)
        {
            // Frequency u of the last axis adds to the total of u mod 8, as the eight lanes of one point do.
            Vector512<float> t0 = default, t1 = default, t2 = default, t3 = default, t4 = default, t5 = default, t6 = default, t7 = default;
            for (int u = 0; u < region.Extent2; u += 8)
            {
                float* w = w2 + (u * Lanes);
                Four(region, c + u, w0, w1, out var a0, out var a1, out var a2, out var a3);
                t0 += a0 * Vector512.Load(w);
                t1 += a1 * Vector512.Load(w + Lanes);
                t2 += a2 * Vector512.Load(w + (2 * Lanes));
                t3 += a3 * Vector512.Load(w + (3 * Lanes));
                if (u + 4 >= region.Extent2)
                    break;
                Four(region, c + u + 4, w0, w1, out a0, out a1, out a2, out a3);
                t4 += a0 * Vector512.Load(w + (4 * Lanes));
                t5 += a1 * Vector512.Load(w + (5 * Lanes));
                t6 += a2 * Vector512.Load(w + (6 * Lanes));
                t7 += a3 * Vector512.Load(w + (7 * Lanes));
            }

            (((t0 + t1) + (t2 + t3)) + ((t4 + t5) + (t6 + t7))).Store(sum + (channel * Lanes));
        }
    }

    // Four neighbouring frequencies of the last axis, summed over the other two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(in DenseRegions.Region region, float* r, float* w0, float* w1, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3)
    {
        int row = region.Row;
        a0 = a1 = a2 = a3 = default;
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
    }

    // ((0 + 1) + (2 + 3)) in every element.
    private static Vector128<float> Pairs(Vector128<float> v)
    {
        v += Vector128.Shuffle(v, Vector128.Create(1, 0, 3, 2));
        return v + Vector128.Shuffle(v, Vector128.Create(2, 3, 0, 1));
    }
}
