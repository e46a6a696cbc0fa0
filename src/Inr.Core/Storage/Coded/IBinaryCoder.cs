namespace Inr;

/// <summary>Writes bits or reads them: one syntax serves both, so that they cannot disagree.</summary>
internal interface IBinaryCoder
{
    /// <summary>Writes a bit, or reads one, with the probability of its counter, which learns it.</summary>
    /// <param name="bit">The bit to write; a reader ignores it.</param>
    /// <param name="counter">Its probability.</param>
    /// <returns>The bit that was written or read.</returns>
    int Code(int bit, ref BitCounter counter);

    /// <summary>Writes or reads a bit of even odds.</summary>
    /// <param name="bit">The bit to write; a reader ignores it.</param>
    /// <returns>The bit that was written or read.</returns>
    int CodeEven(int bit);
}
