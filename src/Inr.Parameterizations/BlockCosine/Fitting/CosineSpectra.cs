namespace Inr.Parameterizations;

/// <summary>The ordered spectra of all blocks and channels of a signal, as far as the choice of prefixes under a budget needs them.</summary>
/// <remarks>A spectrum is numbered block·channels + channel.</remarks>
internal abstract class CosineSpectra
{
    /// <summary>The side of the blocks.</summary>
    public abstract int Side { get; }

    /// <summary>How many spectra.</summary>
    public abstract int Count { get; }

    /// <summary>The terms of a spectrum.</summary>
    public abstract int Length(int spectrum);

    /// <summary>The best prefix of a spectrum at a price, and the energy that it leaves.</summary>
    public abstract (int Length, double Error) Best(int spectrum, double price);

    /// <summary>Some terms of a spectrum.</summary>
    /// <param name="spectrum">Which one.</param>
    /// <param name="first">The first term.</param>
    /// <param name="values">Receives inner products with the orthonormal cosines.</param>
    public abstract void Read(int spectrum, int first, Span<double> values);

    /// <summary>The factor from the inner product with an orthonormal cosine to the coefficient of the plain one.</summary>
    /// <param name="spectrum">Which one.</param>
    /// <param name="term">Which term of it.</param>
    public abstract double Scale(int spectrum, int term);
}
