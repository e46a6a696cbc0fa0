using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>An estimate of error + λ·bits of coefficients before they are quantized.</summary>
internal static class CodedCost
{
    /// <summary>The price of a bit for trees and modes, in squared steps.</summary>
    public const float Price = 0.108f;

    // Bits of a coefficient x: log₂(1 + 2.8·x²).
    private const float Scale = 2.8f;

    // A coefficient below this is left out.
    private const float Threshold = 0.48f;

    // log₂ is a line between powers of two: too large by this on average.
    private const float LogBias = 0.043f;

    /// <summary>Error + λ·bits: log₂(1 + 2.8·x²) bits for a coefficient x.</summary>
    /// <param name="coefficients">In steps; a multiple of 8, or 4.</param>
    public static float Of(ReadOnlySpan<float> coefficients)
    {
        ref float first = ref MemoryMarshal.GetReference(coefficients);
        var errors = Vector256<float>.Zero;
        var logs = Vector256<float>.Zero;
        var one = Vector256.Create(1f);
        int i = 0;
        for (; i + Vector256<float>.Count <= coefficients.Length; i += Vector256<float>.Count)
        {
            var x = Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)i));
            var left = x - Vector256.Floor(x + Vector256.Create(1 - Threshold));
            errors += left * left;
            var v = one + ((Vector256.Create(Scale) * x) * x);
            logs += Vector256.ConvertToSingle(v.AsInt32());
        }

        float bits = (Sum(logs) * (1f / (1 << 23))) - ((127 - LogBias) * i);
        return Sum(errors) + (Price * Math.Max(0, bits));
    }

    /// <summary>The sum of a vector, in the same order on every machine.</summary>
    public static float Sum(Vector256<float> vector)
    {
        var four = vector.GetLower() + vector.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }
}
