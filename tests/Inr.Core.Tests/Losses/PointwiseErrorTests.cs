using Inr.Losses;
using Inr.Testing;

namespace Inr.Tests.Losses;

/// <summary>Pointwise errors against their formulas, and their slopes against differences.</summary>
public sealed class PointwiseErrorTests
{
    public static TheoryData<string, double, double> Values => new()
    {
        { "squared", 0.3, 0.09 },
        { "squared", -2, 4 },
        { "absolute", -0.3, 0.3 },
        { "absolute", 2, 2 },
        { "huber", 0.3, 0.045 },
        { "huber", -0.5, 0.125 },
        { "huber", 2, 0.5 * 2 - 0.125 },
        { "given", -2, 16 },
    };

    [Theory, MemberData(nameof(Values))]
    public void Of_Difference_IsTheFormula(string kind, double difference, double expected)
    {
        using var scope = NewDisposeScope();
        var observed = full([2, 3], 0.25, float64);
        var errors = Error(kind).Of(observed + difference, observed);
        Close.ShouldBeClose(errors, full([2, 3], expected, float64), 1e-12);
    }

    [Theory, InlineData("squared"), InlineData("absolute"), InlineData("huber"), InlineData("given")]
    public void Of_Anything_HasTheSlopeOfItsDifferences(string kind)
    {
        using var scope = NewDisposeScope();
        var observed = zeros([6, 1], float64);
        var predicted = tensor(new double[] { -2, -0.7, -0.2, 0.1, 0.6, 3 }).reshape(6, 1).requires_grad_();
        var gradient = autograd.grad([Error(kind).Of(predicted, observed).sum()], [predicted])[0];
        FiniteDifferences.RelativeError(x => Error(kind).Of(x, observed).sum().item<double>(), predicted.detach(), gradient).Should().BeLessThan(1e-7);
    }

    [Fact]
    public void Name_SaysWhatItIs()
    {
        PointwiseError.Squared.Name.Should().Be("squared error");
        PointwiseError.Huber(0.25).ToString().Should().Contain("0.25");
        Error("given").Name.Should().Be("fourth power");
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void Huber_OfBadThreshold_IsRefused(double threshold) =>
        ((Action)(() => PointwiseError.Huber(threshold))).Should().Throw<ArgumentOutOfRangeException>();

    private static PointwiseError Error(string kind) => kind switch
    {
        "squared" => PointwiseError.Squared,
        "absolute" => PointwiseError.Absolute,
        "huber" => PointwiseError.Huber(0.5),
        _ => PointwiseError.From("fourth power", (f, y) => (f - y).pow(4)),
    };
}
