namespace Inr.Meta;

/// <summary>What the outer loop sees of a <see cref="TransformerMetaLearner"/>: the mean over signals of their mean squared error.</summary>
internal sealed class TransformerObjective : IMetaObjective
{
    private const double OfficialRate = 1e-4;
    private const int OfficialDimension = 768;

    private readonly TransformerMetaLearner _learner;

    public TransformerObjective(TransformerMetaLearner learner, int dimension)
    {
        _learner = learner;
        SuggestedLearningRate = RateOf(dimension);
    }

    public IReadOnlyList<MetaWeight> Weights => _learner.Weights;

    public double SuggestedLearningRate { get; }

    public string Configuration => $"{TransformerMetaLearner.Kind} {_learner.Description.Options.ToJsonString()} {_learner.Description.Target.Kind} {_learner.Description.Target.Options.ToJsonString()}";

    /// <summary>The official rate at the official width; narrower tokens bear larger steps.</summary>
    public static double RateOf(int dimension) => Math.Clamp(OfficialRate * OfficialDimension / dimension, OfficialRate, 5 * OfficialRate);

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
