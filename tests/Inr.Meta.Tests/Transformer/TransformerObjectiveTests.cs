using Inr.Losses;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Transformer;

/// <summary>The gradient that is taken a few signals at a time against that of the whole batch in one graph.</summary>
public sealed class TransformerObjectiveTests
{
    private const int Size = 40;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Differentiate_InPieces_GivesGradientOfWholeBatch(bool solved, bool otherQuery)
    {
        using var scope = NewDisposeScope();
        var target = new ReluMlp(2, 1, new ReluMlpOptions { Depth = 3, Width = 8, EncodingSize = 4, MaxFrequency = 4 });
        var options = new TransformerOptions { Dimension = 16, Depth = 1, Heads = 2, HeadDimension = 8, FeedForward = 16, WeightGroups = 4, SolveLinearPart = solved };
        using var learner = new TransformerMetaLearner(target, Size, options, seed: 2);
        // 1,600 samples each: two signals make a piece, and the last piece has one.
        using var whole = Images(5);
        using var batch = new MetaBatch(Images(5), otherQuery ? Every(whole, 3) : null);
        using var generator = new Generator(0);
        var actual = learner.Objective.Differentiate(batch, generator);

        var errors = new LossFunction(target).Of(learner.Generate(batch.Context), LossSamples.Of(batch.Query));
        Close.ShouldBeClose(actual.TaskErrors, errors, 1e-6);
        var weights = learner.Objective.Weights.Where(w => w.IsTrained).ToArray();
        var expected = MetaGradient.Of(errors.mean(), weights, errors).Gradients;
        // What is exactly zero (the base of a solved layer) and what is rounding about zero need a scale of their own.
        double scale = expected.Max(g => g.norm().item<float>());
        for (int i = 0; i < weights.Length; i++)
            (actual.Gradients[i] - expected[i]).norm().item<float>().Should().BeLessThan((float)(1e-4 * scale), weights[i].Name);
        scale.Should().BeGreaterThan(1e-4);
    }

    [Fact]
    public void Differentiate_ManyTimes_KeepsNoTensor()
    {
        using var learner = new TransformerMetaLearner(new ReluMlp(2, 1, new ReluMlpOptions { Depth = 2, Width = 4, EncodingSize = 4 }), Size, new TransformerOptions { Dimension = 8, Depth = 1, Heads = 1, HeadDimension = 8, FeedForward = 8, WeightGroups = 2, SolveLinearPart = true });
        using var batch = new MetaBatch(Images(5));
        using var generator = new Generator(0);
        using (var scope = NewDisposeScope())
            learner.Objective.Differentiate(batch, generator);
        long before = LiveTensors.Count;
        for (int i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            learner.Objective.Differentiate(batch, generator);
        }

        LiveTensors.Count.Should().Be(before);
    }

    private static SignalBatch Images(int count)
    {
        using var scope = NewDisposeScope();
        var grid = CoordinateGrid.Create([Size, Size]);
        var values = Enumerable.Range(1, count).Select(i => (grid.sum(-1, keepdim: true) * i + i).sin() * 0.4 + 0.5).ToArray();
        return new SignalBatch(grid.MoveToOuterDisposeScope(), stack(values).MoveToOuterDisposeScope(), null, SignalDomain.Grid([Size, Size]));
    }

    // Every n-th sample of each signal.
    private static SignalBatch Every(SignalBatch signals, int n)
    {
        using var chosen = arange(0, signals.SampleCount, n, dtype: int64);
        return new SignalBatch(signals.Coordinates.index_select(0, chosen), signals.Values.index_select(1, chosen));
    }
}
