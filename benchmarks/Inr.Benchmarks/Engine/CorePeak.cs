using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inr.Benchmarks.Engine;

/// <summary>What a core multiplies and adds from registers: the most that any kernel can reach on it.</summary>
internal static class CorePeak
{
    private const int Loops = 200_000;
    private const int Chains = 16;

    /// <summary>Floating point operations per second of one core, in units of 10⁹.</summary>
    /// <param name="now">The clock: wall time, or that of the processor.</param>
    public static double Measure(Func<TimeSpan> now)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < 4; i++)
        {
            var start = now();
            long flops = Vector512.IsHardwareAccelerated ? Run512() : Run256();
            best = Math.Min(best, (now() - start).TotalSeconds / flops);
        }

        return 1e-9 / best;
    }

    // Sixteen independent chains hide how long a product takes. No inlining: a loop whose result nobody reads would be left out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long Run512()
    {
        var (x, y) = (Vector512.Create(Factor), Vector512.Create(1e-3f));
        Vector512<float> a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, b0 = x, b1 = x, b2 = x, b3 = x, b4 = x, b5 = x, b6 = x, b7 = x;
        for (int i = 0; i < Loops; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, x, y);
            a1 = Vector512.FusedMultiplyAdd(a1, x, y);
            a2 = Vector512.FusedMultiplyAdd(a2, x, y);
            a3 = Vector512.FusedMultiplyAdd(a3, x, y);
            a4 = Vector512.FusedMultiplyAdd(a4, x, y);
            a5 = Vector512.FusedMultiplyAdd(a5, x, y);
            a6 = Vector512.FusedMultiplyAdd(a6, x, y);
            a7 = Vector512.FusedMultiplyAdd(a7, x, y);
            b0 = Vector512.FusedMultiplyAdd(b0, x, y);
            b1 = Vector512.FusedMultiplyAdd(b1, x, y);
            b2 = Vector512.FusedMultiplyAdd(b2, x, y);
            b3 = Vector512.FusedMultiplyAdd(b3, x, y);
            b4 = Vector512.FusedMultiplyAdd(b4, x, y);
            b5 = Vector512.FusedMultiplyAdd(b5, x, y);
            b6 = Vector512.FusedMultiplyAdd(b6, x, y);
            b7 = Vector512.FusedMultiplyAdd(b7, x, y);
        }

        Result = Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + b0 + b1 + b2 + b3 + b4 + b5 + b6 + b7);
        return 2L * Loops * Chains * Vector512<float>.Count;
    }

    // Twelve chains: there are sixteen registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long Run256()
    {
        var (x, y) = (Vector256.Create(Factor), Vector256.Create(1e-3f));
        Vector256<float> a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, b0 = x, b1 = x, b2 = x, b3 = x, b4 = x, b5 = x;
        for (int i = 0; i < Loops; i++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, x, y);
            a1 = Vector256.FusedMultiplyAdd(a1, x, y);
            a2 = Vector256.FusedMultiplyAdd(a2, x, y);
            a3 = Vector256.FusedMultiplyAdd(a3, x, y);
            a4 = Vector256.FusedMultiplyAdd(a4, x, y);
            a5 = Vector256.FusedMultiplyAdd(a5, x, y);
            b0 = Vector256.FusedMultiplyAdd(b0, x, y);
            b1 = Vector256.FusedMultiplyAdd(b1, x, y);
            b2 = Vector256.FusedMultiplyAdd(b2, x, y);
            b3 = Vector256.FusedMultiplyAdd(b3, x, y);
            b4 = Vector256.FusedMultiplyAdd(b4, x, y);
            b5 = Vector256.FusedMultiplyAdd(b5, x, y);
        }

        Result = Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + b0 + b1 + b2 + b3 + b4 + b5);
        return 2L * Loops * 12 * Vector256<float>.Count;
    }

    private static float Factor { get; set; } = 0.999f;

    private static float Result { get; set; }
}
