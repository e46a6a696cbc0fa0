namespace Inr;

/// <summary>How a <see cref="StepLoop"/> ended. Disposing of it disposes of the tensors.</summary>
public sealed class StepLoopResult : IDisposable
{
    internal StepLoopResult(IReadOnlyList<Tensor>? tensors, FitStatus status, int steps, double loss, IReadOnlyList<(int Step, double Loss)> history, (int Step, double Loss)? divergence)
    {
        Tensors = tensors;
        Status = status;
        Steps = steps;
        Loss = loss;
        History = history;
        Divergence = divergence;
    }

    /// <summary>The tensors of the lowest loss, or the last ones where nothing judged; null where the loop diverged before it knew a good state.</summary>
    public IReadOnlyList<Tensor>? Tensors { get; }

    /// <summary>How the loop ended.</summary>
    public FitStatus Status { get; }

    /// <summary>The steps done.</summary>
    public int Steps { get; }

    /// <summary>The time of the steps by <see cref="StepLoop.TimeSource"/>, without the last look at all samples.</summary>
    public TimeSpan Spent { get; internal init; }

    /// <summary>The lowest judged loss, or the last one that was looked at; NaN where there was none.</summary>
    public double Loss { get; }

    /// <summary>The losses that were reported, as (step, loss).</summary>
    public IReadOnlyList<(int Step, double Loss)> History { get; }

    /// <summary>The step, from 1, and the loss where the loop diverged; null where it did not.</summary>
    public (int Step, double Loss)? Divergence { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in Tensors ?? [])
            t.Dispose();
    }
}
