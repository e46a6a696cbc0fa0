using Inr.Evaluation;

namespace Inr.Cli.Output;

/// <summary>Shows a comparison on the terminal.</summary>
internal sealed class ComparisonLines(Terminal terminal) : IComparisonListener
{
    public void Tell(string line) => terminal.WriteLine(line);

    public T Watch<T>(string work, Func<IProgress<FitProgress>?, T> fit) => terminal.Track(work, fit);
}
