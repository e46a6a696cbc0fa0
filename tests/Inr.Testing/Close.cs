namespace Inr.Testing;

/// <summary>Compares tensors and says how far apart they are.</summary>
public static class Close
{
    /// <summary>The largest |a − b| divided by the largest |b|.</summary>
    public static double RelativeError(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        actual.shape.Should().Equal(expected.shape);
        var a = actual.detach().to(float64);
        var e = expected.detach().to(float64);
        double scale = e.numel() == 0 ? 0 : e.abs().max().item<double>();
        double difference = e.numel() == 0 ? 0 : (a - e).abs().max().item<double>();
        return difference / Math.Max(scale, 1e-300);
    }

    /// <summary>Asserts max|a − b| ≤ tolerance · max|b|.</summary>
    public static void ShouldBeClose(Tensor actual, Tensor expected, double tolerance, string because = "")
    {
        double error = RelativeError(actual, expected);
        error.Should().BeLessThanOrEqualTo(tolerance, because);
    }

    /// <summary>Asserts equal bits.</summary>
    public static void ShouldBeSame(Tensor actual, Tensor expected, string because = "")
    {
        using var scope = NewDisposeScope();
        actual.shape.Should().Equal(expected.shape, because);
        actual.dtype.Should().Be(expected.dtype, because);
        actual.eq(expected).all().item<bool>().Should().BeTrue(because.Length > 0 ? because : "the bits should be equal");
    }
}
