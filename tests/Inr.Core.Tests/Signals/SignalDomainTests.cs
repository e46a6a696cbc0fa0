namespace Inr.Tests;

public sealed class SignalDomainTests
{
    [Fact]
    public void Equals_ComparesKindAndShape()
    {
        SignalDomain.Grid(2, 3).Should().Be(SignalDomain.Grid(2, 3));
        SignalDomain.Grid(2, 3).GetHashCode().Should().Be(SignalDomain.Grid(2, 3).GetHashCode());
        SignalDomain.Grid(2, 3).Should().NotBe(SignalDomain.Grid(3, 2));
        SignalDomain.Grid(2, 3).Should().NotBe(SignalDomain.Scattered(2));
        SignalDomain.Scattered(2).Should().NotBe(SignalDomain.Scattered(3));
    }

    [Fact]
    public void Grid_LargeShape_CountsWithoutOverflow() =>
        SignalDomain.Grid(100_000, 100_000, 100_000).SampleCount.Should().Be(1_000_000_000_000_000);

    [Fact]
    public void Create_TooFewOrManyAxes_Throws()
    {
        new Action(() => SignalDomain.Grid()).Should().Throw<ArgumentException>();
        new Action(() => SignalDomain.Grid(1, 1, 1, 1, 1, 1, 1, 1, 1)).Should().Throw<ArgumentException>();
        new Action(() => SignalDomain.Scattered(0)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => SignalDomain.Scattered(9)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
