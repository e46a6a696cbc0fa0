using Inr.Evaluation;
namespace Inr.Tests.Evaluation;

public sealed class BjontegaardRateTests
{
    // The points that examples of the measure have used since 2001, and curves of unequal length and spacing.
    private static readonly RatePoint[] First = [new(686.76, 40.28), new(309.58, 37.18), new(157.11, 34.24), new(85.95, 31.42)];
    private static readonly RatePoint[] Second = [new(893.34, 40.39), new(407.8, 37.21), new(204.93, 34.17), new(112.75, 31.24)];
    private static readonly RatePoint[] Uneven = [new(0.1, 25), new(0.3, 30), new(0.31, 30.05), new(1, 35), new(2, 42)];
    private static readonly RatePoint[] Short = [new(0.12, 26), new(0.2, 27), new(0.5, 34), new(1.2, 39)];

    [Theory]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(3.5)]
    public void Between_CurvesAFactorApart_IsThatFactor(double factor)
    {
        var scaled = Uneven.Select(p => p with { BitsPerSample = p.BitsPerSample * factor }).ToList();

        BjontegaardRate.Between(Uneven, scaled).Should().BeApproximately(factor - 1, 1e-12);
    }

    [Fact]
    public void Between_StraightLines_IsTheIntegralOfTheirDifference()
    {
        // ln R = 0.2·P − 6 from 25 to 40 dB, and ln R = 0.15·P − 4.8 from 30 to 45 dB: a cubic through points of a line is the line.
        RatePoint[] reference = [.. new[] { 25.0, 28, 29, 36, 40 }.Select(p => new RatePoint(Math.Exp((0.2 * p) - 6), p))];
        RatePoint[] curve = [.. new[] { 30.0, 33, 41, 45 }.Select(p => new RatePoint(Math.Exp((0.15 * p) - 4.8), p))];

        BjontegaardRate.CommonRange(reference, curve).Should().Be((30.0, 40.0));
        BjontegaardRate.Between(reference, curve).Should().BeApproximately(Math.Exp((-0.05 * 35) + 1.2) - 1, 1e-12);
    }

    // The integrals of SciPy's PchipInterpolator over the logarithms, 1.10.
    [Fact]
    public void Between_KnownCurves_IsWhatAnotherImplementationSays()
    {
        BjontegaardRate.Between(First, Second).Should().BeApproximately(0.31379878202397626, 1e-12);
        BjontegaardRate.Between(Uneven, Short).Should().BeApproximately(-0.1585055617719866, 1e-12);
        BjontegaardRate.Between(Short, Uneven).Should().BeApproximately(0.1883619838364725, 1e-12);
    }

    [Fact]
    public void Between_TheOtherWayRound_IsTheInverse()
    {
        double there = BjontegaardRate.Between(Uneven, Short)!.Value, back = BjontegaardRate.Between(Short, Uneven)!.Value;

        ((1 + there) * (1 + back)).Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Between_CurvesWithoutACommonRange_IsNothing()
    {
        BjontegaardRate.Between([new(1, 20), new(2, 22), new(3, 24)], [new(1, 30), new(2, 32), new(3, 34)]).Should().BeNull();
        BjontegaardRate.Between([new(1, 20), new(2, 22)], Uneven).Should().BeNull("two points are no curve");
        BjontegaardRate.Between([], Uneven).Should().BeNull();
        BjontegaardRate.Between([new(1, 20), new(2, double.PositiveInfinity), new(3, 24)], Uneven).Should().BeNull("an exact picture has no place on the axis");
    }

    [Fact]
    public void Between_APointThatIsWorseThanAnother_LeavesItOut()
    {
        RatePoint[] bent = [.. Uneven, new(0.5, 29)];

        BjontegaardRate.Between(Uneven, bent).Should().BeApproximately(0, 1e-12);
    }

    [Fact]
    public void PsnrAt_BetweenTwoPoints_IsOnTheLineOverTheLogarithm()
    {
        BjontegaardRate.PsnrAt([new(1, 30), new(4, 36)], 2).Should().BeApproximately(33, 1e-12);
        BjontegaardRate.PsnrAt([new(1, 30), new(4, 36)], 4).Should().Be(36);
        BjontegaardRate.PsnrAt([new(1, 30), new(4, 36)], 5).Should().BeNull();
    }
}
