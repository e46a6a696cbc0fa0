using Inr.Losses;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>A signed distance field through the ordinary fitter: a circle, whose distance is known everywhere.</summary>
public sealed class DistanceFieldTests
{
    private const double Radius = 0.5;

    private static readonly Siren Field = new(2, 1, new SirenOptions { Width = 24, HiddenLayers = 2, FirstOmega = 3, HiddenOmega = 3 });

    [Fact]
    public void Fit_OfCircle_HasItsZeroSetAndGradientsOfLengthOne()
    {
        using var scope = NewDisposeScope();
        // Samples around the line alone, as a scan has them.
        var angle = rand([400, 1], generator: new Generator(1)) * (2 * Math.PI);
        var radius = Radius + (rand([400, 1], generator: new Generator(2)) - 0.5) * 0.3;
        using var scan = new Signal(cat([radius * angle.cos(), radius * angle.sin()], 1), radius - Radius);
        ParameterSet Fit(IReadOnlyList<LossTerm> terms)
        {
            using var fitter = new GradientFitter(Field, new GradientFitterOptions { Steps = 400, LearningRate = 3e-3, EvaluateEvery = 50, Loss = new Loss { Error = PointwiseError.Absolute, Terms = terms } });
            using var fit = fitter.Fit(scan);
            fit.ErrorName.Should().Be("absolute error");
            fit.Loss.Should().BeLessThan(0.004);
            return fit.Representation.Parameters.Clone();
        }

        var theta = Fit([LossTerm.Eikonal(0.1, 128)]);
        // The zero set, against the closed form.
        var turn = linspace(0, 2 * Math.PI, 100).unsqueeze(1);
        var onLine = cat([turn.cos(), turn.sin()], 1) * Radius;
        Field.Evaluate(theta, onLine).abs().max().item<float>().Should().BeLessThan(0.015f);
        // Between the samples and far from all of them: slope 1, and the distance itself.
        var far = Ring(0.75, 0.95);
        foreach (var (points, slope) in new[] { (Ring(0.4, 0.6), 0.05), (far, 0.1) })
        {
            SlopeError(theta, points).Should().BeLessThan(slope);
            (Field.Evaluate(theta, points) - (points.norm(1, true, 2) - Radius)).abs().mean().item<float>().Should().BeLessThan(0.02f);
        }

        // It is the term that does it.
        SlopeError(Fit([]), far).Should().BeGreaterThan(2 * SlopeError(theta, far));
    }

    private static double SlopeError(ParameterSet theta, Tensor points)
    {
        using var scope = NewDisposeScope();
        return (Observation.Gradient.Of(Field, theta, points).norm(1, false, 2) - 1).abs().mean().item<float>();
    }

    private static Tensor Ring(double from, double to)
    {
        using var scope = NewDisposeScope();
        var angle = rand([200, 1], generator: new Generator(5)) * (2 * Math.PI);
        var radius = from + rand([200, 1], generator: new Generator(6)) * (to - from);
        return cat([radius * angle.cos(), radius * angle.sin()], 1).MoveToOuterDisposeScope();
    }
}
