using Inr.Evaluation;
using Inr.Testing;

namespace Inr.Tests;

public sealed class SignalContextTests
{
    [Theory]
    [InlineData("full", 1, 0)]
    [InlineData("sparse:0.1", 0.1, 0)]
    [InlineData("noisy:25", 1, 25)]
    [InlineData("sparse:0.5+noisy:2.5", 0.5, 2.5)]
    public void Parse_Text_IsWhatToStringGives(string text, double fraction, double noise)
    {
        var context = SignalContext.Parse(text);

        context.Should().Be(new SignalContext { Fraction = fraction, Noise = noise });
        context.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sparse")]
    [InlineData("sparse:0")]
    [InlineData("sparse:1.5")]
    [InlineData("sparse:nan")]
    [InlineData("noisy:-1")]
    [InlineData("noisy:infinity")]
    [InlineData("noisy:1:2")]
    [InlineData("sparse:0.1 noisy:3")]
    public void Parse_OtherText_SaysWhatIsAllowed(string text) =>
        new Action(() => SignalContext.Parse(text)).Should().Throw<FormatException>().WithMessage("*is no context; use full, sparse:*");

    [Fact]
    public void Draw_Full_IsTheSignal()
    {
        using var signal = PlaneSignals.Create(0.1, "plane");
        var (context, query) = SignalContext.Full.Draw(signal);
        using (context)
        {
            Close.ShouldBeSame(context.Values, signal.Values);
            context.Domain.Should().Be(signal.Domain);
        }

        query.Should().BeNull();
    }

    [Fact]
    public void Draw_Sparse_SplitsTheSamples()
    {
        using var signal = PlaneSignals.Create(0, "plane");
        using var scope = NewDisposeScope();
        var (context, query) = SignalContext.Sparse(0.1).Draw(signal, 3);

        context.SampleCount.Should().Be(14);
        query!.SampleCount.Should().Be(130);
        context.Domain.IsGrid.Should().BeFalse();
        var together = cat([context.Coordinates, query.Coordinates]).data<float>().ToArray().Chunk(2).Select(p => (p[0], p[1]));
        var all = signal.Coordinates.data<float>().ToArray().Chunk(2).Select(p => (p[0], p[1]));
        together.Should().BeEquivalentTo(all, "no sample is lost or drawn twice");
        Close.ShouldBeClose(context.Values, context.Coordinates.sum(1, keepdim: true), 1e-6, "each value belongs to its place");
    }

    [Fact]
    public void Draw_Noisy_HasThatDeviation()
    {
        using var signal = Signal.FromGrid(new float[200 * 200], [200, 200], 1);
        using var scope = NewDisposeScope();
        var (context, query) = SignalContext.Noisy(25).Draw(signal);

        query.Should().BeNull();
        context.Domain.Should().Be(signal.Domain);
        // 40,000 samples: the mean is known to 0.5 %, the deviation to 0.35 %; four times that.
        const double Deviation = 25.0 / 255;
        context.Values.mean().item<float>().Should().BeApproximately(0, (float)(0.02 * Deviation));
        context.Values.std().item<float>().Should().BeApproximately((float)Deviation, (float)(0.014 * Deviation));
    }

    [Fact]
    public void Draw_DependsOnSeedAndSamplesAlone()
    {
        using var signal = PlaneSignals.Create(0.1, "plane");
        using var renamed = PlaneSignals.Create(0.1, "other name");
        using var other = PlaneSignals.Create(0.2, "plane");

        Noise(signal, 1).Should().Equal(Noise(signal, 1));
        Noise(renamed, 1).Should().Equal(Noise(signal, 1));
        Noise(signal, 2).Should().NotEqual(Noise(signal, 1));
        Noise(other, 1).Zip(Noise(signal, 1), (a, b) => Math.Abs(a - b)).Average().Should().BeGreaterThan(0.01f);
    }

    private static float[] Noise(Signal signal, long seed)
    {
        using var scope = NewDisposeScope();
        var (context, _) = SignalContext.Noisy(25).Draw(signal, seed);
        return (context.Values - signal.Values).data<float>().ToArray();
    }
}
