using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>sin u.</summary>
internal readonly struct SineKernel<TLanes, TVector> : IActivationKernel<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static bool HasAngles => true;

    public static float LargestInput(float omega) => VectorMath<TLanes, TVector>.LargestAngle;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector u, TVector inverse) => VectorMath<TLanes, TVector>.Sin(u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse) => VectorMath<TLanes, TVector>.SinCos(u);

    public static (float Value, float Slope) Scalar(float u, float inverse)
    {
        var (sin, cos) = Math.SinCos(u);
        return ((float)sin, (float)cos);
    }
}
