using Inr.Parameterizations;

namespace Inr.Meta.Tests.Building;

/// <summary>What users send to a service whose model takes RGB: converted by the stated rule, or told apart from a mistake of the service.</summary>
public sealed class UploadTests
{
    private static readonly Dictionary<string, Func<InrBuilder, ISignalFitter>> Models = new()
    {
        ["siren"] = b => b.UseSiren(o => o with { Width = 8, HiddenLayers = 1 }).FitWith(o => o with { Steps = 2 }).Build(),
        ["piecewise-fourier"] = b => b.UsePiecewiseFourier(o => o with { FloatBudget = 60 }).Build(),
        ["block-cosine"] = b => b.UseBlockCosine(o => o with { FloatBudget = 60 }).Build(),
        ["maml"] = b => b.UseSiren(o => o with { Width = 8, HiddenLayers = 1 }).UseMaml(o => o with { InnerSteps = 2 }).Build(),
        ["transformer"] = b => b.UseReluMlp(o => o with { Width = 8, Depth = 3, EncodingSize = 4 })
            .UseTransformer(o => o with { Dimension = 8, Depth = 1, Heads = 2, HeadDimension = 4, FeedForward = 8, WeightGroups = 2, PatchSize = 4 }).Build(),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_OtherChannels_IsATypedExceptionThatSaysHow(string model)
    {
        using var fitter = Models[model](InrBuilder.ForImages(channels: 3, size: 8));
        ushort[] fine = [.. Enumerable.Range(0, 64).Select(i => (ushort)(i * 997))];
        using var grey = ImageSignal.FromPixels(fine, 8, 8, 1, "grey, 16 bits");
        using var translucent = ImageSignal.FromPixels([.. Enumerable.Range(0, 256).Select(i => (byte)i)], 8, 8, 4, "RGBA");

        foreach (var upload in new[] { grey, translucent })
        {
            new Action(() => fitter.Fit(upload).Dispose()).Should().Throw<SignalMismatchException>().WithMessage("*3 values*WithChannels(3)*");
            using var rgb = upload.WithChannels(3);
            using var fit = fitter.Fit(rgb);
            fit.Representation.Format.Should().Be(upload.Format);
        }
    }

    [Fact]
    public void Fit_OtherSizeOrAxes_IsATypedException()
    {
        using var fitter = Models["transformer"](InrBuilder.ForImages(channels: 3, size: 8));
        using var small = ImageSignal.FromPixels(new byte[48], 4, 4, 3);
        using var sound = AudioSignal.FromSamples([1, 2, 3], 3);

        new Action(() => fitter.Fit(small).Dispose()).Should().Throw<SignalMismatchException>().WithMessage("*8×8*");
        new Action(() => fitter.Fit(sound).Dispose()).Should().Throw<SignalMismatchException>().WithMessage("*2 coordinates*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void ForImages_ChannelsOfNoImage_AreRefused(int channels) =>
        new Action(() => InrBuilder.ForImages(channels)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1 (grey), 3 (RGB) or 4 (RGBA)*ForSignals*");
}
