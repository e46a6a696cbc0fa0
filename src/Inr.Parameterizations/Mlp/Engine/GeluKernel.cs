using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>u·Φ(u), whose slope is Φ(u) + u·e^(−u²/2)/√2π.</summary>
/// <remarks>Φ is good to 2e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.</remarks>
internal readonly struct GeluKernel<TLanes, TVector> : IActivationKernel<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static bool HasAngles => false;

    public static float LargestInput(float omega) => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector u, TVector inverse) => TLanes.Multiply(u, Share(u, Bell(u)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse)
    {
        var bell = Bell(u);
        var share = Share(u, bell);
        return (TLanes.Multiply(u, share), TLanes.MultiplyAdd(TLanes.Multiply(u, TLanes.Spread(0.398942280f)), bell, share));
    }

    public static (float Value, float Slope) Scalar(float u, float inverse) => throw new InvalidOperationException("There are no angles.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Bell(TVector u) => VectorMath<TLanes, TVector>.Exp(TLanes.Multiply(TLanes.Multiply(u, u), TLanes.Spread(-0.5f)));

    // Φ(u).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Share(TVector u, TVector bell)
    {
        var t = TLanes.Divide(TLanes.Spread(1), TLanes.MultiplyAdd(TLanes.Abs(u), TLanes.Spread(0.3275911f * 0.707106781f), TLanes.Spread(1)));
        var p = TLanes.MultiplyAdd(t, TLanes.Spread(0.5f * 1.061405429f), TLanes.Spread(0.5f * -1.453152027f));
        p = TLanes.MultiplyAdd(t, p, TLanes.Spread(0.5f * 1.421413741f));
        p = TLanes.MultiplyAdd(t, p, TLanes.Spread(0.5f * -0.284496736f));
        p = TLanes.MultiplyAdd(t, p, TLanes.Spread(0.5f * 0.254829592f));
        var tail = TLanes.Multiply(TLanes.Multiply(p, t), bell);
        return TLanes.Select(TLanes.LessThan(u, TLanes.Spread(0)), tail, TLanes.Subtract(TLanes.Spread(1), tail));
    }
}
