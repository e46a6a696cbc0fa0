using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>cos(πut) for u = 0, 1, 2, … at once.</summary>
internal static class CosineWave
{
    private static readonly Vector256<float> Steps = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);

    /// <summary>Fills 8·⌈count/8⌉ values.</summary>
    /// <param name="t">A position in [0,1].</param>
    /// <param name="count">How many frequencies.</param>
    /// <param name="values">Receives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(float t, int count, ref float values)
    {
        var u = Steps;
        var position = Vector256.Create(t);
        for (int i = 0; i < count; i += 8)
        {
            CosPi(u * position).StoreUnsafe(ref values, (nuint)i);
            u += Vector256.Create(8f);
        }
    }

    /// <summary>Fills the values at 16 positions: frequency u at [16·u].</summary>
    /// <param name="t">The positions.</param>
    /// <param name="count">How many frequencies.</param>
    /// <param name="values">Receives them.</param>
    public static void FillLanes(Vector512<float> t, int count, ref float values)
    {
        for (int u = 0; u < count; u++)
            CosPi(Vector512.Create((float)u) * t).StoreUnsafe(ref values, (nuint)(u * Vector512<float>.Count));
    }

    /// <summary>Fills 8·⌈count/8⌉ values of d/dt cos(πut) = −πu·sin(πut).</summary>
    /// <param name="t">A position in [0,1].</param>
    /// <param name="count">How many frequencies.</param>
    /// <param name="values">Receives them.</param>
    public static void FillSlopes(float t, int count, ref float values)
    {
        var u = Steps;
        var position = Vector256.Create(t);
        for (int i = 0; i < count; i += 8)
        {
            // sin(πx) = cos(π(x − ½)).
            (CosPi((u * position) - Vector256.Create(0.5f)) * u * Vector256.Create(-MathF.PI)).StoreUnsafe(ref values, (nuint)i);
            u += Vector256.Create(8f);
        }
    }

    /// <summary>cos(πx) within 2e-7 for |x| up to a few thousand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> CosPi(Vector256<float> x)
    {
        // r in [−1,1] has the same cosine; cos(πr) = sin(π(½ − |r|)).
        var half = Vector256.Create(0.5f);
        var turns = Vector256.Floor((x * half) + half);
        var r = Vector256.Abs(x - (turns + turns));
        var y = half - r;
        var z = y * y;
        // Taylor of sin(πy), |y| ≤ ½: the first term left out is 6e-9.
        var p = Vector256.Create(0.0821458866f);
        p = (z * Vector256.Create(-0.0073704309f)) + p;
        p = (z * p) + Vector256.Create(-0.5992645293f);
        p = (z * p) + Vector256.Create(2.5501640399f);
        p = (z * p) + Vector256.Create(-5.1677127800f);
        p = (z * p) + Vector256.Create(3.1415926536f);
        return p * y;
    }

    /// <summary>The same operations on 16 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> CosPi(Vector512<float> x)
    {
        var half = Vector512.Create(0.5f);
        var turns = Vector512.Floor((x * half) + half);
        var r = Vector512.Abs(x - (turns + turns));
        var y = half - r;
        var z = y * y;
        var p = Vector512.Create(0.0821458866f);
        p = (z * Vector512.Create(-0.0073704309f)) + p;
        p = (z * p) + Vector512.Create(-0.5992645293f);
        p = (z * p) + Vector512.Create(2.5501640399f);
        p = (z * p) + Vector512.Create(-5.1677127800f);
        p = (z * p) + Vector512.Create(3.1415926536f);
        return p * y;
    }
}
