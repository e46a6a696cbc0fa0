using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>Sine, cosine and exponential of vectors.</summary>
/// <remarks>
/// <para>
/// Sine and cosine: with k = round(x/π), r = x − kπ in three parts of π, and the sign (−1)^k for both, they are minimax
/// polynomials of r² on |r| ≤ π/2. Up to <see cref="LargestAngle"/> the error is at most 1.3e-7 for the sine and 1.5e-7 for the cosine,
/// absolute: 2.1 units of 2⁻²⁴. That is up to 1e5, and 2.5e4 where a processor rounds products on their own. The angles of ω = 3,000 stay below 1e4 as a rule, and a float at the limit is 0.004 from its neighbor. Beyond it
/// the callers take the library's function, lane by lane (<see cref="IsTooLarge"/>). NaN gives NaN.
/// </para>
/// <para>Exponential: with n = round(x·log₂e), 2ⁿ times a polynomial on |r| ≤ ½ ln 2; relative error at most 2e-7, and no less than e^−87 nor more than e^88 comes out.</para>
/// </remarks>
internal static class VectorMath<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>The largest angle that the polynomials reach. Where k times the second part of π is rounded, it must not need to be.</summary>
    public static float LargestAngle => TLanes.IsFused ? 1e5f : 2.5e4f;

    // 1.5·2²³: a float that is added to it is rounded to an integer, which stands in the lowest bits of the sum.
    private const float Rounder = 12_582_912f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTooLarge(TVector angle) => TLanes.AnyGreater(TLanes.Abs(angle), TLanes.Spread(LargestAngle));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sin(TVector x)
    {
        var (r, sign) = Reduce(x);
        return TLanes.Xor(SineOf(r, TLanes.Multiply(r, r)), sign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Sin, TVector Cos) SinCos(TVector x)
    {
        var (r, sign) = Reduce(x);
        var s = TLanes.Multiply(r, r);
        var q = TLanes.MultiplyAdd(s, TLanes.Spread(-2.607566216e-7f), TLanes.Spread(2.476180816e-5f));
        q = TLanes.MultiplyAdd(s, q, TLanes.Spread(-1.388840261e-3f));
        q = TLanes.MultiplyAdd(s, q, TLanes.Spread(0.04166664183f));
        q = TLanes.MultiplyAdd(s, q, TLanes.Spread(-0.5f));
        var cos = TLanes.MultiplyAdd(s, q, TLanes.Spread(1));
        return (TLanes.Xor(SineOf(r, s), sign), TLanes.Xor(cos, sign));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        // Written so that NaN stays.
        x = TLanes.Select(TLanes.LessThan(x, TLanes.Spread(-87)), TLanes.Spread(-87), x);
        x = TLanes.Select(TLanes.LessThan(TLanes.Spread(88), x), TLanes.Spread(88), x);
        var t = TLanes.MultiplyAdd(x, TLanes.Spread(1.44269504f), TLanes.Spread(Rounder));
        var n = TLanes.Subtract(t, TLanes.Spread(Rounder));
        var r = TLanes.MultiplyAdd(n, TLanes.Spread(-0.693359375f), x);
        r = TLanes.MultiplyAdd(n, TLanes.Spread(2.12194440e-4f), r);
        var p = TLanes.MultiplyAdd(r, TLanes.Spread(1.3888889e-3f), TLanes.Spread(8.3333333e-3f));
        p = TLanes.MultiplyAdd(r, p, TLanes.Spread(4.1666667e-2f));
        p = TLanes.MultiplyAdd(r, p, TLanes.Spread(0.16666667f));
        p = TLanes.MultiplyAdd(r, p, TLanes.Spread(0.5f));
        p = TLanes.MultiplyAdd(r, p, TLanes.Spread(1));
        p = TLanes.MultiplyAdd(r, p, TLanes.Spread(1));
        return TLanes.AddBits(p, TLanes.ShiftLeft(t, 23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Remainder, TVector Sign) Reduce(TVector x)
    {
        var t = TLanes.MultiplyAdd(x, TLanes.Spread(0.318309886f), TLanes.Spread(Rounder));
        var k = TLanes.Subtract(t, TLanes.Spread(Rounder));
        var r = TLanes.MultiplyAdd(k, TLanes.Spread(-3.140625f), x);
        r = TLanes.MultiplyAdd(k, TLanes.Spread(-9.67502594e-4f), r);
        r = TLanes.MultiplyAdd(k, TLanes.Spread(-1.50995799e-7f), r);
        return (r, TLanes.ShiftLeft(t, 31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SineOf(TVector r, TVector s)
    {
        var p = TLanes.MultiplyAdd(s, TLanes.Spread(2.605630925e-6f), TLanes.Spread(-1.980953821e-4f));
        p = TLanes.MultiplyAdd(s, p, TLanes.Spread(0.008333065547f));
        p = TLanes.MultiplyAdd(s, p, TLanes.Spread(-0.1666665971f));
        return TLanes.MultiplyAdd(TLanes.Multiply(r, s), p, r);
    }
}
