namespace Inr.Evaluation;

/// <summary>Hears where a comparison stands, on the calling thread.</summary>
public interface IComparisonListener
{
    /// <summary>Something happened: a line for people.</summary>
    void Tell(string line);

    /// <summary>Runs a fit, and may show where it stands meanwhile.</summary>
    /// <param name="work">What is fitted, in a few words.</param>
    /// <param name="fit">The work; it must be run once, and reports to what it is given.</param>
    /// <returns>What the work returned.</returns>
    T Watch<T>(string work, Func<IProgress<FitProgress>?, T> fit);
}
