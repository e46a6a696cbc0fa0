using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Inner products and sums of vectors in double precision.</summary>
internal static class DoubleVectors
{
    /// <summary>Σ a_i·b_i over vectors of one length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double x = ref MemoryMarshal.GetReference(a), y = ref MemoryMarshal.GetReference(b);
        var sum = Vector512<double>.Zero;
        int i = 0;
        for (; i + Vector512<double>.Count <= a.Length; i += Vector512<double>.Count)
            sum += Vector512.LoadUnsafe(ref x, (nuint)i) * Vector512.LoadUnsafe(ref y, (nuint)i);
        double result = Vector512.Sum(sum);
        for (; i < a.Length; i++)
            result += a[i] * b[i];
        return result;
    }

    /// <summary>target += factor·source, vectors of one length.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        ref double x = ref MemoryMarshal.GetReference(target), y = ref MemoryMarshal.GetReference(source);
        var f = Vector512.Create(factor);
        int i = 0;
        for (; i + Vector512<double>.Count <= target.Length; i += Vector512<double>.Count)
            (Vector512.LoadUnsafe(ref x, (nuint)i) + (f * Vector512.LoadUnsafe(ref y, (nuint)i))).StoreUnsafe(ref x, (nuint)i);
        for (; i < target.Length; i++)
            target[i] += factor * source[i];
    }
}
