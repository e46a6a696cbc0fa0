namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A box of samples: its first sample, and the binary logarithms of its sides.</summary>
internal readonly record struct BoxPlace(int X, int Y, int LogWidth, int LogHeight)
{
    public int Width => 1 << LogWidth;

    public int Height => 1 << LogHeight;

    public int Area => 1 << (LogWidth + LogHeight);

    /// <summary>A half of the box.</summary>
    /// <param name="sideways">Whether the box is cut into a left and a right half, else into an upper and a lower one.</param>
    /// <param name="second">Which half.</param>
    public BoxPlace Half(bool sideways, bool second) => sideways
        ? new(X + (second ? Width / 2 : 0), Y, LogWidth - 1, LogHeight)
        : new(X, Y + (second ? Height / 2 : 0), LogWidth, LogHeight - 1);
}
