using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>exp(−u²).</summary>
internal readonly struct GaussKernel<TLanes, TVector> : IActivationKernel<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static bool HasAngles => false;

    public static float LargestInput(float omega) => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector u, TVector inverse)
    {
        return VectorMath<TLanes, TVector>.Exp(TLanes.Multiply(TLanes.Multiply(u, u), TLanes.Spread(-1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse)
    {
        var value = Value(u, inverse);
        return (value, TLanes.Multiply(TLanes.Multiply(u, TLanes.Spread(-2)), value));
    }

    public static (float Value, float Slope) Scalar(float u, float inverse) => throw new InvalidOperationException("There are no angles.");
}
