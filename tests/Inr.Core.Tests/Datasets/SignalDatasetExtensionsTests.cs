namespace Inr.Tests;

public sealed class SignalDatasetExtensionsTests
{
    [Fact]
    public void TakeAndSkip_Together_CoverTheWholeInOrder()
    {
        var whole = Numbers(7);

        Values(whole.Take(3)).Should().Equal(0, 1, 2);
        Values(whole.Skip(3)).Should().Equal(3, 4, 5, 6);
        Values(whole.Skip(2).Take(2)).Should().Equal(2, 3);
        whole.Skip(2).GetName(0).Should().Be("n2");
        whole.Take(100).Count.Should().Be(7);
        whole.Skip(100).Count.Should().Be(0);
        new Action(() => whole.Take(-1)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => whole.Skip(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Split_Parts_AreDisjointSortedAndComplete()
    {
        var (training, heldOut) = Numbers(40).Split(0.25, seed: 3);

        heldOut.Count.Should().Be(10);
        Values(training).Should().BeInAscendingOrder();
        Values(heldOut).Should().BeInAscendingOrder();
        Values(training).Concat(Values(heldOut)).Should().BeEquivalentTo(Enumerable.Range(0, 40).Select(i => (float)i));
    }

    [Fact]
    public void Split_Seed_DecidesTheParts()
    {
        var whole = Numbers(40);

        Values(whole.Split(0.5, 1).HeldOut).Should().Equal(Values(whole.Split(0.5, 1).HeldOut));
        Values(whole.Split(0.5, 1).HeldOut).Should().NotEqual(Values(whole.Split(0.5, 2).HeldOut));
        // Neither the first nor the last half: the parts are drawn at random.
        Values(whole.Split(0.5, 1).HeldOut).Should().NotEqual(Values(whole.Take(20))).And.NotEqual(Values(whole.Skip(20)));
    }

    [Fact]
    public void Split_TinyShare_LeavesOneSignalOnEachSide()
    {
        Numbers(5).Split(0.001).HeldOut.Count.Should().Be(1);
        Numbers(5).Split(0.999).Training.Count.Should().Be(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void Split_FractionOutOfRange_Throws(double fraction) =>
        new Action(() => Numbers(5).Split(fraction)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Split_OneSignal_Throws() =>
        new Action(() => Numbers(1).Split(0.5)).Should().Throw<ArgumentException>().WithMessage("*1 signals*at least 2*");

    private static SignalList Numbers(int count) =>
        new(Enumerable.Range(0, count).Select(i => Signal.FromGrid([(float)i], [1], 1, $"n{i}")).ToArray());

    private static float[] Values(ISignalDataset dataset) => Enumerable.Range(0, dataset.Count).Select(i =>
    {
        using var signal = dataset.Load(i);
        return signal.Values[0, 0].item<float>();
    }).ToArray();
}
