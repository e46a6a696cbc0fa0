using Inr.Optimization;

namespace Inr;

/// <summary>What a <see cref="GradientFitter"/> remembers between steps. Immutable; a step returns a new one.</summary>
public sealed class GradientFitState : IDisposable
{
    internal GradientFitState(int step, OptimizerState optimizer, Tensor? loss)
    {
        Step = step;
        Optimizer = optimizer;
        LossTensor = loss;
    }

    /// <summary>Steps done so far.</summary>
    public int Step { get; }

    /// <summary>The state of the optimizer.</summary>
    public OptimizerState Optimizer { get; }

    /// <summary>The loss that the last step saw, at the parameters before it; NaN before the first step. Reading it waits for the device.</summary>
    public double Loss => LossTensor is null ? double.NaN : Number.Of(LossTensor);

    internal Tensor? LossTensor { get; }

    /// <summary>Takes the tensors out of every dispose scope.</summary>
    /// <returns>This state.</returns>
    public GradientFitState DetachFromDisposeScope()
    {
        Optimizer.DetachFromDisposeScope();
        LossTensor?.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        LossTensor?.Dispose();
    }
}
