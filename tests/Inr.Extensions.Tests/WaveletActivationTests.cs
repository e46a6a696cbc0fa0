using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Examples;

/// <summary>The example of an activation of one's own fits a picture and comes back from a file.</summary>
public sealed class WaveletActivationTests
{
    [Fact]
    public void Fit_ThenSaveAndLoad_GivesTheSamePicture()
    {
        WaveletActivation.Register();
        using var image = FitterContract.TestImage();
        using var fit = WaveletActivation.Fit(image, width: 24, steps: 200);
        fit.Psnr.Should().BeGreaterThan(30);

        using var stream = new MemoryStream();
        fit.Representation.Save(stream);
        stream.Position = 0;
        using var loaded = ImplicitRepresentation.Load(stream);
        loaded.Target.Should().BeOfType<DensePerceptron>().Which.Network.Hidden.Function.Should().BeSameAs(WaveletActivation.Wavelet);
        using var rendered = loaded.Render();
        using var expected = fit.Representation.Render();
        Close.ShouldBeSame(rendered.Values, expected.Values);
    }
}
