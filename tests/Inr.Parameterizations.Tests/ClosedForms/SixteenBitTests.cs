using Inr.Testing;

namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>A picture of sixteen bits comes back as good as the PSNR of its fit says.</summary>
public sealed class SixteenBitTests
{
    [Fact]
    public void SavePng_FitOfSixteenBits_IsAsGoodAsItsPsnr()
    {
        using var image = ImageSignal.Load(Path.Combine(SharedData.RepositoryRoot, "tests", "Inr.Core.Tests", "fixtures", "images", "ramp16.png"));
        using var fitter = InrBuilder.ForImages(channels: 1).UseBlockCosine(o => o with { FloatBudget = 600 }).Build();
        using var fit = fitter.Fit(image);
        using var file = new MemoryStream();

        using (var rendered = fit.Representation.Render())
            rendered.SavePng(file).Warning.Should().BeNull();

        using var back = ImageSignal.Decode(file.ToArray());
        back.Format!.Bits.Should().Be(16);
        Psnr.Of(image, back).Should().BeGreaterThan(96).And.BeApproximately(fit.Psnr, 1);
    }
}
