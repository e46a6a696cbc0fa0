using Inr.Testing;

namespace Inr.Examples;

/// <summary>A fitter of somebody else keeps what every fitter promises.</summary>
public sealed class HillClimberTests
{
    [Fact]
    public void Fit_KeepsTheContractOfFitters()
    {
        using var fitter = Fitter();
        FitterContract.ReachesPsnr(fitter, 15);
        FitterContract.SignalUntouched(fitter);
        FitterContract.Deterministic(fitter);
        FitterContract.CancelReturnsBestSoFar(fitter);
        FitterContract.NoTensorLeft(fitter);
    }

    [Fact]
    public void Builder_TakesItLikeABuiltInOne()
    {
        using var fitter = InrBuilder.ForImages().UseFitter(b => new HillClimber(new PolynomialTarget(b.InputDimension, b.OutputDimension, 2), 10, 0.1, b.Seed)).Build();
        using var image = FitterContract.TestImage();
        using var fit = fitter.Fit(image);
        fit.Steps.Should().Be(10);
    }

    private static HillClimber Fitter() => new(new PolynomialTarget(2, 3, 2), trials: 300, step: 0.05);
}
