namespace Inr.Meta;

/// <summary>What one outer step asks of a learner: losses of the tasks, and the gradient of their mean.</summary>
/// <param name="Gradients">One tensor per trained weight, in their order, without a graph.</param>
/// <param name="TaskErrors">The mean squared error of each signal's query; shape [B], without a graph.</param>
public sealed record MetaGradient(IReadOnlyList<Tensor> Gradients, Tensor TaskErrors)
{
    /// <summary>Differentiates a loss with a graph by autograd.</summary>
    /// <param name="loss">A scalar with a graph.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="taskErrors">The mean squared error of each signal's query; shape [B].</param>
    public static MetaGradient Of(Tensor loss, IReadOnlyList<MetaWeight> weights, Tensor taskErrors)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(taskErrors);
        return new MetaGradient(Inr.Optimization.Gradients.Of(loss, [.. weights.Where(w => w.IsTrained).Select(w => w.Tensor)]), taskErrors.detach());
    }
}
