using System.Runtime.CompilerServices;

namespace Inr.Parameterizations.Engine;

/// <summary>sin((|u|/ω + 1)·u), whose slope is cos((|u|/ω + 1)·u)·(2|u|/ω + 1).</summary>
internal readonly struct FinerKernel<TLanes, TVector> : IActivationKernel<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    public static bool HasAngles => true;

    public static float LargestInput(float omega) => LargestOf(omega);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value(TVector u, TVector inverse)
    {
        return VectorMath<TLanes, TVector>.Sin(TLanes.Multiply(TLanes.MultiplyAdd(TLanes.Abs(u), inverse, TLanes.Spread(1)), u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Value, TVector Slope) ValueAndSlope(TVector u, TVector inverse)
    {
        var ratio = TLanes.Multiply(TLanes.Abs(u), inverse);
        var (sin, cos) = VectorMath<TLanes, TVector>.SinCos(TLanes.Multiply(TLanes.Add(ratio, TLanes.Spread(1)), u));
        return (sin, TLanes.Multiply(cos, TLanes.Add(TLanes.Add(ratio, ratio), TLanes.Spread(1))));
    }

    public static (float Value, float Slope) Scalar(float u, float inverse)
    {
        // The product is rounded to a float as tensors round it, the sine is not.
        float ratio = Math.Abs(u) * inverse;
        var (sin, cos) = Math.SinCos((ratio + 1) * u);
        return ((float)sin, (float)(cos * (2 * ratio + 1)));
    }

    // The u with (u/ω + 1)·u at the limit.
    private static float LargestOf(float omega)
    {
        float limit = VectorMath<TLanes, TVector>.LargestAngle;
        return (float)(0.999 * 0.5 * omega * (Math.Sqrt(1 + 4.0 * limit / omega) - 1));
    }
}
