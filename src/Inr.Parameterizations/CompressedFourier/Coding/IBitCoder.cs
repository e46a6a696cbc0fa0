namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Writes bits or reads them: one syntax serves both, so that they cannot disagree.</summary>
internal interface IBitCoder
{
    /// <summary>Whether the bytes of a file that was cut are used up: bits are 0 from there on, and mean nothing.</summary>
    bool IsDrained => false;

    /// <summary>Writes a bit, or reads one.</summary>
    /// <param name="bit">The bit to write; a reader ignores it.</param>
    /// <param name="probability">That the bit is 1, in units of 2⁻¹⁶, 1 to 65535.</param>
    /// <returns>The bit that was written or read.</returns>
    int Code(int bit, int probability);
}
