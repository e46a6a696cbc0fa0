using Inr.Losses;

namespace Inr.Meta;

/// <summary>What the outer loop sees of a <see cref="TransformerMetaLearner"/>: the mean over signals of their mean squared error.</summary>
internal sealed class TransformerObjective : IMetaObjective
{
    private readonly TransformerMetaLearner _learner;

    public TransformerObjective(TransformerMetaLearner learner, TransformerOptions options)
    {
        _learner = learner;
        SuggestedLearningRate = options.SuggestedLearningRate;
    }

    public IReadOnlyList<MetaWeight> Weights => _learner.Weights;

    public double SuggestedLearningRate { get; }

    public string Configuration => $"{TransformerMetaLearner.Kind} {_learner.Description.Options.ToJsonString()} {_learner.Description.Target.Kind} {_learner.Description.Target.Options.ToJsonString()}";

    public MetaGradient Differentiate(MetaBatch batch, Generator generator)
    {
        // The signals of a batch meet in the hypernetwork, not in the target function: each signal's error depends on its own
        // θ. So the target's activations live for a piece of the batch only, and the gradient then flows back into the
        // hypernetwork at once.
        var theta = _learner.GenerateUnsolved(batch.Context);
        batch.Cancellation.ThrowIfCancellationRequested();
        int[] generated = [.. Enumerable.Range(0, theta.Layout.Count).Where(i => theta[i].requires_grad && !_learner.Loss.Solved.Contains(theta.Layout[i].Name))];
        Tensor[] moved = [.. generated.Select(i => theta[i])];
        var query = LossSamples.Of(batch.Query);
        var context = ReferenceEquals(batch.Context, batch.Query) ? query : LossSamples.Of(batch.Context);
        var found = _learner.Loss.Differentiate(moved, (tensors, first, count) => theta.Map((spec, t) => Array.IndexOf(generated, theta.Layout.IndexOf(spec.Name)) is >= 0 and var place ? tensors[place] : t.detach().narrow(0, first, count)), query, context, mean: true);
        batch.Cancellation.ThrowIfCancellationRequested();
        var weights = Weights.Where(w => w.IsTrained).Select(w => w.Tensor).ToArray();
        // What is solved for has no gradient; zeros stand for it, so that every weight has a use.
        var outputs = theta.Tensors.Where(t => t.requires_grad).ToArray();
        Tensor[] gradients = [.. outputs.Select(t => Array.FindIndex(moved, m => ReferenceEquals(m, t)) is >= 0 and var place ? found.Gradients[place] : zeros_like(t))];
        return new MetaGradient(Gradients.Pull(outputs, gradients, weights), found.Losses);
    }

    public Tensor Judge(MetaBatch batch)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var theta = _learner.Adapt(batch.Context);
        return _learner.Finished.ValueOf(theta, LossSamples.Of(batch.Query)).MoveToOuterDisposeScope();
    }
}
