using Inr.Files;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>Files with layers of refinements: whole they are as good as their step, and a beginning is a coarser picture.</summary>
public sealed class CodedLayersTests
{
    public static TheoryData<int[], int, int> Kinds => new() { { [70, 90], 3, 1 }, { [64, 130], 1, 2 }, { [33, 40], 4, 3 }, { [2000], 2, 2 } };

    [Theory, MemberData(nameof(Kinds))]
    public void File_Whole_IsAsGoodAsItsStep(int[] shape, int channels, int refinements)
    {
        using var signal = CodedPictures.Photo(shape, channels);
        using var fit = Fit(signal, new() { Step = 0.02, Refinements = refinements });
        Math.Sqrt(fit.MeanSquaredError).Should().BeLessThan(0.02);
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(File(fit)));
        using var a = loaded.Render();
        using var b = fit.Representation.Render();
        Close.ShouldBeSame(a.Values, b.Values);
    }

    [Fact]
    public void File_Whole_IsNearlyThatWithoutLayers()
    {
        using var signal = CodedPictures.Photo([128, 128], 3);
        using var plain = Fit(signal, new() { Step = 0.05 });
        using var layered = Fit(signal, new() { Step = 0.05, Refinements = 1 });
        layered.Psnr.Should().BeGreaterThan(plain.Psnr - 0.8);
        layered.Representation.BitCount.Should().BeLessThan(plain.Representation.BitCount * 13 / 10);
    }

    // A longer beginning is no worse, but for a little where a box is refined in part; half of the bytes show nearly what a file of that size does.
    [Fact]
    public void File_Cut_IsACoarserPicture()
    {
        using var signal = CodedPictures.Photo([160, 160], 3);
        using var fit = Fit(signal, new() { Step = 0.03, Refinements = 2 });
        byte[] file = File(fit);
        double before = 0;
        foreach (double part in new[] { 0.1, 0.25, 0.35, 0.5, 0.75, 1 })
        {
            byte[] beginning = file[..(int)(part * file.Length)];
            double psnr = Quality(signal, beginning);
            psnr.Should().BeGreaterThan(before - 0.05);
            before = psnr;
            if (part != 0.5)
                continue;
            using var made = Fit(signal, new() { FileBytes = beginning.Length });
            psnr.Should().BeGreaterThan(made.Psnr - 1.5);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void File_CutAnywhere_IsAPictureOfItsSize(int[] shape, int channels, int refinements)
    {
        using var signal = CodedPictures.Photo([.. shape.Select(n => n / 2)], channels);
        using var fit = Fit(signal, new() { Step = 0.1, Refinements = refinements });
        byte[] file = File(fit);
        // What comes before the boxes is not cut: the header has at most 31 bytes here.
        for (int length = 36; length <= file.Length; length++)
        {
            using var loaded = ImplicitRepresentation.Load(new MemoryStream(file[..length]));
            loaded.Domain.Should().Be(signal.Domain);
            using var picture = loaded.Render();
            picture.SampleCount.Should().Be(signal.SampleCount);
            using var scope = NewDisposeScope();
            picture.Values.isfinite().all().item<bool>().Should().BeTrue();
        }
    }

    [Fact]
    public void File_WithABitChanged_IsRefusedOrAPicture()
    {
        using var signal = CodedPictures.Photo([20, 25], 3);
        using var fit = Fit(signal, new() { Step = 0.08, Refinements = 2 });
        byte[] file = File(fit);
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] changed = [.. file];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                using var loaded = ImplicitRepresentation.Load(new MemoryStream(changed));
                using var picture = loaded.Render();
                picture.SampleCount.Should().Be(loaded.Domain.SampleCount);
            }
            catch (InrFileException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Options_LayersWithoutLoss_AreRefused() =>
        ((Action)(() => new CompressedFourierFitter(new() { Lossless = true, Refinements = 1 }).Dispose())).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*Refinements*");

    private static double Quality(Signal signal, byte[] file)
    {
        using var scope = NewDisposeScope();
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(file));
        return -10 * Math.Log10((loaded.Render().Values - signal.Values).square().mean().item<float>());
    }

    private static byte[] File(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Representation.Save(stream);
        return stream.ToArray();
    }

    private static FitResult Fit(Signal signal, CompressedFourierOptions options)
    {
        using var fitter = new CompressedFourierFitter(options);
        return fitter.Fit(signal);
    }
}
