using Inr.Testing;

namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>Boxes that keep their samples as they are: nothing is lost, text gets them and photographs do not, and they are a function between samples.</summary>
public sealed class ExactBoxTests
{
    public static TheoryData<int, int, int, int> Kinds => new() { { 70, 90, 3, 8 }, { 33, 130, 1, 8 }, { 64, 64, 4, 8 }, { 21, 30, 2, 16 }, { 40, 40, 4, 16 }, { 1, 1, 3, 8 }, { 3, 200, 3, 8 } };

    [Theory, MemberData(nameof(Kinds))]
    public void Lossless_Text_IsTheSamePicture(int height, int width, int channels, int bits)
    {
        using var signal = CodedPictures.Text(height, width, channels, bits);
        IsSame(signal);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Lossless_Photograph_IsTheSamePicture(int height, int width, int channels, int bits)
    {
        using var signal = CodedPictures.Photo([height, width], channels, bits);
        IsSame(signal);
    }

    [Fact]
    public void Lossless_Noise_CostsItsBits()
    {
        var random = new Random(5);
        using var signal = Signal.FromGrid(Enumerable.Range(0, 64 * 64).Select(_ => random.Next(256) / 255f).ToArray(), [64, 64], 1);
        using var fit = Fit(signal, new() { Lossless = true });
        (fit.Representation.BitCount / 8).Should().BeInRange(64 * 64, (int)(64 * 64 * 1.12), "bytes that nothing predicts have eight bits each, and the contexts have nothing to learn");
        IsSame(signal);
    }

    [Fact]
    public void Lossless_OfSamplesThatAreNoWholeNumbers_IsRefused()
    {
        using var signal = CodedPictures.Photo([20, 20], 3, bits: 0);
        ((Action)(() => Fit(signal, new() { Lossless = true }).Dispose())).Should().Throw<ArgumentException>().WithMessage("*whole numbers of 8 or 16 bits*");
        using var line = CodedPictures.Photo([200], 1);
        ((Action)(() => Fit(line, new() { Lossless = true }).Dispose())).Should().Throw<ArgumentException>().WithMessage("*grid of two axes*");
    }

    [Fact]
    public void Text_AtAFineStep_IsKeptAsItIs()
    {
        using var signal = CodedPictures.Text(128, 160, 3);
        using var exact = Fit(signal, new() { Lossless = true });
        using var coded = Fit(signal, new() { Step = 8 / 255.0 });
        coded.Psnr.Should().BeGreaterThan(60);
        coded.Representation.BitCount.Should().BeLessThan(exact.Representation.BitCount * 21 / 20);
    }

    [Fact]
    public void Page_HasItsTextAsItIs_AndItsPhotographInCosines()
    {
        using var signal = CodedPictures.Page(256, 128, 3);
        using var fit = Fit(signal, new() { Step = 10 / 255.0 });
        using var lossless = Fit(signal, new() { Lossless = true });
        fit.Representation.BitCount.Should().BeLessThan(lossless.Representation.BitCount / 2);
        using var scope = NewDisposeScope();
        var errors = (fit.Representation.Render().Values - signal.Values).square().mean([1]).reshape(256, 128);
        errors.narrow(0, 0, 128).max().item<float>().Should().BeLessThan(1e-12f);
        errors.narrow(0, 128, 128).mean().item<float>().Should().BeInRange(1e-5f, 1e-3f);
    }

    [Fact]
    public void Photograph_HasNoByteMoreForExactBoxes()
    {
        using var signal = CodedPictures.Photo([128, 128], 3);
        using var scope = NewDisposeScope();
        // The same samples, moved a little, are no whole numbers: exact boxes are out of the question.
        using var moved = Signal.FromGrid(signal.Values + (0.3 / 255), [128, 128]);
        using var whole = Fit(signal, new() { Step = 0.05 });
        using var other = Fit(moved, new() { Step = 0.05 });
        whole.Representation.BitCount.Should().BeInRange(other.Representation.BitCount - 80, other.Representation.BitCount + 80);
    }

    // Halfway between two samples is their mean, and outside of the outermost ones nothing changes.
    [Fact]
    public void Function_BetweenSamples_IsLinear()
    {
        using var signal = CodedPictures.Text(16, 16, 1);
        using var fit = Fit(signal, new() { Lossless = true });
        using var scope = NewDisposeScope();
        float[] samples = signal.Values.data<float>().ToArray();
        double center = (2 * 5.5 / 16) - 1, next = (2 * 6.5 / 16) - 1, middle = (center + next) / 2;
        float[] values = fit.Representation.Evaluate(tensor(new double[,] { { center, center }, { center, middle }, { middle, center }, { middle, middle }, { -1, -1 } }).to(float32)).data<float>().ToArray();
        float a = samples[(5 * 16) + 5], b = samples[(5 * 16) + 6], c = samples[(6 * 16) + 5], d = samples[(6 * 16) + 6];
        float[] expected = [a, (a + b) / 2, (a + c) / 2, (a + b + c + d) / 4, samples[0]];
        for (int i = 0; i < expected.Length; i++)
            values[i].Should().BeApproximately(expected[i], 1e-5f);
        var twice = fit.Representation.Render(32, 32).Values.reshape(32, 32);
        var evaluated = fit.Representation.Evaluate(CoordinateGrid.Create([32, 32])).reshape(32, 32);
        Close.ShouldBeClose(twice, evaluated, 1e-5);
    }

    [Fact]
    public void Jacobian_InAnExactBox_IsTheDifference()
    {
        using var signal = CodedPictures.Text(24, 24, 3);
        using var fit = Fit(signal, new() { Lossless = true });
        using var scope = NewDisposeScope();
        using var function = fit.Representation.Target.Bind(fit.Representation.Parameters);
        using var generator = new Generator(3);
        var points = (rand([50, 2], generator: generator) * 1.8) - 0.9;
        var slopes = function.Jacobian(points);
        for (int axis = 0; axis < 2; axis++)
        {
            var step = zeros(1, 2);
            step[0, axis] = 1e-4f;
            var difference = (function.Evaluate(points + step) - function.Evaluate(points - step)) / 2e-4;
            // A few points lie within a step of a kink.
            var off = (slopes.select(2, axis) - difference).abs().amax([1]);
            (off > 0.02).sum().item<long>().Should().BeLessThan(4);
        }
    }

    private static void IsSame(Signal signal)
    {
        using var fit = Fit(signal, new() { Lossless = true });
        fit.Loss.Should().Be(0);
        using var stream = new MemoryStream();
        fit.Representation.Save(stream);
        stream.Position = 0;
        using var loaded = ImplicitRepresentation.Load(stream);
        using var picture = loaded.Render();
        Close.ShouldBeSame(picture.Values, signal.Values);
    }

    private static FitResult Fit(Signal signal, CompressedFourierOptions options)
    {
        using var fitter = new CompressedFourierFitter(options);
        return fitter.Fit(signal);
    }
}
