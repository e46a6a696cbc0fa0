using Inr.Testing;

namespace Inr.Meta.Tests.Training;

public sealed class SampleSubsetTests
{
    [Fact]
    public void Draw_SharedGrid_KeepsPairsOfCoordinateAndValue()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var x = CoordinateGrid.Create([4, 5]);
        // The value is a function of the coordinate, so a broken pair shows.
        using var batch = new SignalBatch(x, stack([x * 2, x * 3]));
        using var drawn = SampleSubset.Draw(batch, 0.5, generator);
        drawn.SampleCount.Should().Be(10);
        Close.ShouldBeSame(drawn.Values[0], drawn.Coordinates * 2);
        Close.ShouldBeSame(drawn.Values[1], drawn.Coordinates * 3);
        drawn.Coordinates.unique(dim: 0).output.shape[0].Should().Be(10, "samples are drawn without replacement");
    }

    [Fact]
    public void Draw_PaddedSignals_TakesRealSamplesFirst()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        using var batch = new SignalBatch(rand(2, 6, 1) + 1, rand(2, 6, 1), torch.tensor(new float[] { 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 }, [2, 6]));
        using var drawn = SampleSubset.Draw(batch, 0.5, generator);
        drawn.Mask!.sum([1]).data<float>().ToArray().Should().Equal(2, 3);
    }

    [Fact]
    public void Largest_Scores_PicksThePlacesOfEachSignal()
    {
        using var scope = NewDisposeScope();
        using var batch = new SignalBatch(arange(4).to(float32).reshape(4, 1), arange(8).to(float32).reshape(2, 4, 1));
        using var picked = SampleSubset.Largest(batch, torch.tensor(new float[] { 0, 3, 1, 2, 9, 0, 8, 1 }, [2, 4]), 2);
        picked.Values[0].data<float>().ToArray().Should().Equal(1, 3);
        picked.Values[1].data<float>().ToArray().Should().Equal(4, 6);
        picked.Coordinates[1].data<float>().ToArray().Should().Equal(0, 2);
    }
}
