using Inr.Evaluation;

namespace Inr.Cli.Learners;

/// <summary>Signals of which only a context is seen, the same each time.</summary>
internal sealed class ContextDataset(ISignalDataset signals, SignalContext context, long seed) : ISignalDataset
{
    /// <inheritdoc/>
    public int Count => signals.Count;

    /// <inheritdoc/>
    public string GetName(int index) => signals.GetName(index);

    /// <inheritdoc/>
    public Signal Load(int index)
    {
        using var whole = signals.Load(index);
        var (seen, unseen) = context.Draw(whole, seed);
        unseen?.Dispose();
        return seen;
    }
}
