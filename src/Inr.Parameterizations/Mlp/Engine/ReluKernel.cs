using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>max(u, 0).</summary>
internal readonly struct ReluKernel<TLanes, TVector> : IActivationKernel<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static bool HasAngles => false;

    public static float LargestInput(float omega) => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector u, TVector inverse)
    {
        // Written so that NaN stays.
        return TLanes.Select(TLanes.LessThan(u, TLanes.Spread(0)), TLanes.Spread(0), u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse)
    {
        var slope = TLanes.Select(TLanes.LessThan(TLanes.Spread(0), u), TLanes.Spread(1), TLanes.Spread(0));
        return (Value(u, inverse), slope);
    }

    public static (float Value, float Slope) Scalar(float u, float inverse) => throw new InvalidOperationException("There are no angles.");
}
