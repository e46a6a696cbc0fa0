namespace Inr.Meta.Tests.Contract;

/// <summary>A learner on a device, what an outer loop sees of it, and a batch on the same device.</summary>
public sealed record DeviceCase(IMetaLearner Learner, IMetaObjective Objective, MetaBatch Batch) : IDisposable
{
    /// <summary>Errors of the tasks and gradients of the weights: a forward and a backward pass.</summary>
    public Tensor[] Differentiate()
    {
        using var generator = new Generator(7);
        var found = Objective.Differentiate(Batch, generator);
        return [found.TaskErrors, .. found.Gradients];
    }

    /// <summary>What adaptation gives: θ of each task, then the errors that it is judged by.</summary>
    public Tensor[] Adapt() => [.. Learner.Adapt(Batch.Context).Tensors, Objective.Judge(Batch)];

    public void Dispose()
    {
        Batch.Dispose();
        Learner.Dispose();
    }
}
