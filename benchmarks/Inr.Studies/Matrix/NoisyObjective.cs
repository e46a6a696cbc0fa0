using Inr.Meta;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies.Matrix;

/// <summary>Trains a learner to see noise and be judged on clean samples: adds noise to the context of every step.</summary>
/// <param name="inner">The learner's side.</param>
/// <param name="deviation">The standard deviation of the noise.</param>
internal sealed class NoisyObjective(IMetaObjective inner, double deviation) : IMetaObjective
{
    public IReadOnlyList<MetaWeight> Weights => inner.Weights;

    public double SuggestedLearningRate => inner.SuggestedLearningRate;

    public string Configuration => FormattableString.Invariant($"{inner.Configuration} noise {deviation}");

    public void Begin(int step) => inner.Begin(step);

    public MetaGradient Differentiate(MetaBatch batch, Generator generator)
    {
        using var context = Noisy(batch.Context, generator);
        return inner.Differentiate(With(batch, context), generator);
    }

    public Tensor Judge(MetaBatch batch)
    {
        using var generator = new Generator(0);
        using var context = Noisy(batch.Context, generator);
        return inner.Judge(With(batch, context));
    }

    public string Diagnose(MetaBatch batch, int task) => inner.Diagnose(batch, task);

    public void Project() => inner.Project();

    // The query stays the batch's own, which disposes of it.
    private static MetaBatch With(MetaBatch batch, SignalBatch context) => new(context, batch.Query, batch.Names);

    private SignalBatch Noisy(SignalBatch clean, Generator generator)
    {
        using var scope = NewDisposeScope();
        var noise = randn(clean.Values.shape, float32, generator: generator) * deviation;
        return new SignalBatch(clean.Coordinates.clone(), clean.Values + noise.to(clean.Values.device), clean.Mask?.clone(), clean.Domain);
    }
}
