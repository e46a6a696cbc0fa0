namespace Inr.Evaluation;

/// <summary>Shows nothing.</summary>
internal sealed class SilentListener : IComparisonListener
{
    public void Tell(string line)
    {
        // Nobody asked.
    }

    public T Watch<T>(string work, Func<IProgress<FitProgress>?, T> fit) => fit(null);
}
