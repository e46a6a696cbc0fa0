using Inr.Parameterizations;

namespace Inr.Examples;

/// <summary>An activation of your own: a wavelet, the real part of WIRE (Saragadam et al., CVPR 2023), as one row of the table.</summary>
public static class WaveletActivation
{
    // A layer computes φ(u) of u = ω·(W·h + b); ω is multiplied into W and b before φ sees u.
    public static Activation Wavelet { get; } = new(
        "wavelet",
        "cos u · exp(−u²/4)",
        (u, omega) => u.cos() * (u.square() * -0.25).exp(),
        DenseInitialization.FanIn)
    {
        DefaultOmega = 20,
        LearningRate = 5e-3,
    };

    // Called once at start-up, so that .inr files can name the activation.
    public static void Register() => Activation.Register(Wavelet);

    public static FitResult Fit(Signal image, int width, int steps)
    {
        using var fitter = InrBuilder.ForImages(image.Channels)
            .UsePerceptron(d => d with { HiddenWidths = [width, width], Hidden = Wavelet })
            .FitWith(o => o with { Steps = steps })
            .Build();
        return fitter.Fit(image);
    }
}
