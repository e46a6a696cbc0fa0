namespace Inr.Parameterizations;

/// <summary>The inner products of one channel with all orthonormal cosines, in the order of |u|.</summary>
internal abstract class OrderedSpectrum : IDisposable
{
    /// <summary>Some of them.</summary>
    /// <param name="first">The first term.</param>
    /// <param name="values">Receives them.</param>
    public abstract void Read(int first, Span<double> values);

    /// <inheritdoc/>
    public abstract void Dispose();
}
