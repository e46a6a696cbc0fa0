namespace Inr.Testing;

/// <summary>Compares gradients with central differences, in double.</summary>
public static class FiniteDifferences
{
    /// <summary>
    /// The relative error of a gradient along random directions: |⟨g,u⟩ − (L(x+hu) − L(x−hu))/2h| over the larger of
    /// the two, where u has the norm 1. With h = 1e-5 and values near 1 the difference itself is good to about 1e-9.
    /// </summary>
    /// <param name="loss">A scalar function of the input.</param>
    /// <param name="input">The point, float64.</param>
    /// <param name="gradient">The gradient to judge.</param>
    /// <param name="h">Half the step.</param>
    /// <param name="directions">The number of random directions.</param>
    public static double RelativeError(Func<Tensor, double> loss, Tensor input, Tensor gradient, double h = 1e-5, int directions = 3)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(12345);
        input.dtype.Should().Be(ScalarType.Float64, "finite differences need double");
        double worst = 0;
        double norm = gradient.square().sum().sqrt().item<double>();
        for (int i = 0; i < directions; i++)
        {
            var u = randn(input.shape, float64, generator: generator);
            u = u / u.square().sum().sqrt();
            double slope = (gradient * u).sum().item<double>();
            double difference = (loss(input + u * h) - loss(input - u * h)) / (2 * h);
            // A direction that is nearly orthogonal to the gradient says little: judge against a share of its norm.
            double scale = Math.Max(Math.Max(Math.Abs(slope), Math.Abs(difference)), 0.05 * norm / Math.Sqrt(input.numel()));
            worst = Math.Max(worst, scale == 0 ? 0 : Math.Abs(slope - difference) / scale);
        }

        return worst;
    }
}
