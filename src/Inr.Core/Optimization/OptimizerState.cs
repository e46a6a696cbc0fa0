namespace Inr.Optimization;

/// <summary>What an optimizer remembers between steps: a count and tensors, such as Adam's two moments.</summary>
/// <remarks>Immutable; a step returns a new one. It owns its tensors.</remarks>
public sealed class OptimizerState : IDisposable
{
    /// <summary>Creates a state that takes ownership of its tensors.</summary>
    public OptimizerState(int step, IReadOnlyList<Tensor> tensors)
    {
        Step = step;
        Tensors = tensors;
    }

    /// <summary>Steps done so far.</summary>
    public int Step { get; }

    /// <summary>The remembered tensors; their meaning is the optimizer's.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>Takes the tensors out of every dispose scope.</summary>
    /// <returns>This state.</returns>
    public OptimizerState DetachFromDisposeScope()
    {
        foreach (var t in Tensors)
            t.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in Tensors)
            t.Dispose();
    }
}
