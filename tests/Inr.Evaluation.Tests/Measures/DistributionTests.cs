using Inr.Evaluation;

namespace Inr.Tests;

public sealed class DistributionTests
{
    [Fact]
    public void Of_Numbers_HasTheTextbookValues()
    {
        var d = new Distribution([4, 1, 3, 2]);

        d.Values.Should().Equal(1, 2, 3, 4);
        (d.Count, d.Mean, d.Min, d.Max, d.Median).Should().Be((4, 2.5, 1, 4, 2.5));
        d.StandardDeviation.Should().BeApproximately(Math.Sqrt(5.0 / 3), 1e-12);
        d.Quantile(0).Should().Be(1);
        d.Quantile(0.25).Should().Be(1.75);
        d.Quantile(1).Should().Be(4);
    }

    [Fact]
    public void Of_OneValue_HasNoSpread()
    {
        var d = new Distribution([7]);

        (d.Median, d.Quantile(0.95), d.StandardDeviation).Should().Be((7, 7, 0));
    }

    [Fact]
    public void Quantile_InfiniteValues_NeverGivesNaN()
    {
        var d = new Distribution([1, double.PositiveInfinity, double.PositiveInfinity]);

        d.Quantile(0).Should().Be(1);
        d.Quantile(0.3).Should().Be(double.PositiveInfinity);
        d.Quantile(0.9).Should().Be(double.PositiveInfinity);
        d.Mean.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Of_NothingOrNaN_Throws()
    {
        new Action(() => _ = new Distribution([])).Should().Throw<ArgumentException>();
        new Action(() => _ = new Distribution([1, double.NaN])).Should().Throw<ArgumentException>();
        new Action(() => new Distribution([1]).Quantile(1.1)).Should().Throw<ArgumentOutOfRangeException>();
        Distribution.OfPresent([null, null]).Should().BeNull();
        Distribution.OfPresent([null, 3])!.Values.Should().Equal(3);
    }
}
