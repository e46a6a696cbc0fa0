namespace Inr;

/// <summary>The optimizers that options can name. Any other is an <see cref="Optimization.IOptimizer"/> of your own.</summary>
public enum OptimizerKind
{
    /// <summary>Adam; the usual choice.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>Gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Limited-memory BFGS with a strong-Wolfe line search: full batches, small networks, high accuracy.</summary>
    Lbfgs,
}
