namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The rendered samples of one interval of an axis.</summary>
/// <param name="First">The first sample.</param>
/// <param name="Count">How many.</param>
/// <param name="Padded">Count rounded up to whole vectors of 8.</param>
/// <param name="Cosines">cos(πut) at [u·Padded + sample].</param>
/// <param name="Samples">Where the samples of the axis lie.</param>
/// <param name="Start">The start of the interval in fitted samples.</param>
internal readonly record struct Axis(int First, int Count, int Padded, float[] Cosines, AxisSamples Samples, int Start)
{
    /// <summary>A sample's position in fitted samples from the start of the interval.</summary>
    public double Position(int sample) => Samples.Position(First + sample) - Start;
}
