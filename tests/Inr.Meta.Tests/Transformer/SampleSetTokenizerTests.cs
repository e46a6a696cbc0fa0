using Inr.Meta;
using Inr.Testing;

namespace Inr.Tests.Transformer;

/// <summary>Sets of samples: any order, any number, and padding that does not count.</summary>
public sealed class SampleSetTokenizerTests
{
    [Fact]
    public void Tokenize_OfPermutedSamples_PermutesTokens()
    {
        using var scope = NewDisposeScope();
        var (tokenizer, weights) = Create(1);
        using var signal = Samples(11, 1);
        using var order = tensor(new long[] { 3, 1, 4, 0, 5, 9, 2, 6, 8, 7, 10 });
        using var permuted = signal.Select(order);
        using var a = SignalBatch.Of(signal);
        using var b = SignalBatch.Of(permuted);
        var tokens = tokenizer.Tokenize(weights, a);
        tokens.Tokens.shape.Should().Equal(1, 11, 8);
        tokens.Mask.Should().BeNull();
        Close.ShouldBeClose(tokenizer.Tokenize(weights, b).Tokens, tokens.Tokens.index_select(1, order), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Tokenize_OfPaddedSignals_GivesTheTokensOfEachAlone(int samplesPerToken)
    {
        using var scope = NewDisposeScope();
        var (tokenizer, weights) = Create(samplesPerToken);
        using var longer = Samples(11, 1);
        using var shorter = Samples(6, 2);
        using var both = SignalBatch.Stack([longer, shorter]);
        using var alone = SignalBatch.Of(shorter);
        var tokens = tokenizer.Tokenize(weights, both);
        var expected = tokenizer.Tokenize(weights, alone).Tokens;
        long count = (6 + samplesPerToken - 1) / samplesPerToken;
        expected.shape[1].Should().Be(count);
        Close.ShouldBeClose(tokens.Tokens.select(0, 1).narrow(0, 0, count), expected.select(0, 0), 1e-6);
        tokens.Mask!.select(0, 1).sum().item<float>().Should().Be(count);
        tokens.Mask!.select(0, 0).eq(1).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Fit_OfAnyNumberOfSamples_IgnoresPaddingOfTheBatch()
    {
        using var scope = NewDisposeScope();
        var target = new Parameterizations.ReluMlp(2, 1, new Parameterizations.ReluMlpOptions { Depth = 2, Width = 8, EncodingSize = 4, MaxFrequency = 2 });
        using var learner = new TransformerMetaLearner(target, null, new TransformerOptions { Dimension = 8, Depth = 1, Heads = 2, HeadDimension = 4, FeedForward = 16, SamplesPerToken = 3 });
        using var longer = Samples(11, 1);
        using var shorter = Samples(5, 2);
        using var both = SignalBatch.Stack([longer, shorter]);
        using var alone = SignalBatch.Of(shorter);
        using var batched = learner.Adapt(both);
        using var single = learner.Adapt(alone);
        for (int i = 0; i < target.Layout.Count; i++)
            Close.ShouldBeClose(batched[i].select(0, 1), single[i].select(0, 0), 1e-5, target.Layout[i].Name);
    }

    [Fact]
    public void Tokenize_OfOtherDimensions_Refuses()
    {
        using var scope = NewDisposeScope();
        var (tokenizer, weights) = Create(1);
        using var sound = Signal.FromGrid(new float[32], [32], 1);
        using var batch = SignalBatch.Of(sound);
        var act = () => tokenizer.Tokenize(weights, batch);
        act.Should().Throw<ArgumentException>().WithMessage("*2 coordinates and 1 values*1 and 1*");
    }

    private static (SampleSetTokenizer Tokenizer, ParameterSet Weights) Create(int samplesPerToken)
    {
        var tokenizer = new SampleSetTokenizer(2, 1, 8, samplesPerToken, 4, 8);
        using var generator = new Generator(1);
        return (tokenizer, new ParameterSet(new ParameterLayout(tokenizer.Specs), tokenizer.Initialize(generator)));
    }

    private static Signal Samples(int count, ulong seed)
    {
        using var generator = new Generator(seed);
        return new Signal(rand([count, 2], generator: generator) * 2 - 1, rand([count, 1], generator: generator));
    }
}
