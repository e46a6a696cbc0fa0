namespace Inr.Evaluation;

/// <summary>The pixels of a picture as whole numbers.</summary>
internal static class PixelData
{
    private const double Rounding = 0.01;

    /// <summary>Values times the largest number of a depth, rounded, clamped and interleaved.</summary>
    /// <param name="signal">A picture.</param>
    /// <param name="largest">255 or 65535.</param>
    /// <param name="isExact">Whether nothing was lost.</param>
    public static ushort[] Of(Signal signal, int largest, out bool isExact)
    {
        using var scope = NewDisposeScope();
        var scaled = signal.Values.detach().cpu().to(float64) * largest;
        var rounded = scaled.round().clamp(0, largest);
        isExact = (scaled - rounded).abs().max().item<double>() < Rounding;
        return [.. rounded.to(int32).contiguous().data<int>().ToArray().Select(value => (ushort)value)];
    }
}
