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
        var theta = _learner.GenerateUnsolved(batch.Context);
        var (errors, gradients) = PiecewiseErrors.Differentiate(_learner.Errors, theta, _learner.Solved, batch.Context, batch.Query);
        var weights = Weights.Where(w => w.IsTrained).Select(w => w.Tensor).ToArray();
        return new MetaGradient(Gradients.Pull(PiecewiseErrors.Differentiated(theta), gradients, weights), errors);
    }

    public Tensor Judge(MetaBatch batch)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var theta = _learner.Adapt(batch.Context);
        return SignalErrors.Of(_learner.Target, theta, batch.Query).MoveToOuterDisposeScope();
    }
}
