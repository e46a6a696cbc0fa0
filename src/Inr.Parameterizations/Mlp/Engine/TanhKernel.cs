using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>tanh u = 1 − 2/(e^2u + 1).</summary>
internal readonly struct TanhKernel<TLanes, TVector> : IActivationKernel<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static bool HasAngles => false;

    public static float LargestInput(float omega) => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector u, TVector inverse)
    {
        var e = VectorMath<TLanes, TVector>.Exp(TLanes.Add(u, u));
        return TLanes.Subtract(TLanes.Spread(1), TLanes.Divide(TLanes.Spread(2), TLanes.Add(e, TLanes.Spread(1))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse)
    {
        var value = Value(u, inverse);
        return (value, TLanes.Subtract(TLanes.Spread(1), TLanes.Multiply(value, value)));
    }

    public static (float Value, float Slope) Scalar(float u, float inverse) => throw new InvalidOperationException("There are no angles.");
}
