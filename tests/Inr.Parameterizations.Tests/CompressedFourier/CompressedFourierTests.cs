using Inr.Files;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.CompressedFourier;

/// <summary>Coded cosines: sizes, goals, files and the function between samples. The contract suites hold the rest.</summary>
public sealed class CompressedFourierTests
{
    public static TheoryData<int[], int> Sizes => new()
    {
        { [1, 1], 3 }, { [1, 40], 1 }, { [40, 1], 1 }, { [5, 7], 3 }, { [64, 64], 3 }, { [65, 3], 4 }, { [33, 130], 2 }, { [1], 1 }, { [15], 2 }, { [1025], 1 }, { [2, 2], 16 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Fit_AnySize_IsAsCloseAsItsStep(int[] shape, int channels)
    {
        using var signal = Waves(shape, channels);
        using var fit = Fit(signal, new() { Step = 0.01 });
        // A level is off by half a step, and by a step where a bit is dearer.
        Math.Sqrt(fit.MeanSquaredError).Should().BeLessThan(0.01);
        fit.Representation.Domain.GridShape.Should().Equal(shape);
        using var loaded = SavedAndLoaded(fit.Representation, out _);
        using var a = loaded.Render();
        using var b = fit.Representation.Render();
        Close.ShouldBeSame(a.Values, b.Values);
    }

    [Fact]
    public void Save_IsFiveBytesLongerThanTheCode()
    {
        using var image = FitterContract.TestImage(40, 50);
        using var fit = Fit(image, new());
        using var loaded = SavedAndLoaded(fit.Representation, out byte[] file);
        fit.Representation.BitCount.Should().Be(8 * (file.Length - 5));
        fit.Representation.FloatCount.Should().Be((file.Length - 5 + 3) / 4);
        fit.Message.Should().Contain($"{file.Length} bytes");
        file[..5].Should().Equal(0x89, (byte)'I', (byte)'N', (byte)'R', 1);
        file.Length.Should().BeLessThan(40 * 50 / 4);
    }

    [Fact]
    public void ReadInfo_OfACode_SaysWhatItHolds()
    {
        using var folder = new TemporaryFile();
        using var image = FitterContract.TestImage(40, 50);
        using var fit = Fit(image, new());
        fit.Representation.Save(folder.Path);
        var info = InrFile.ReadInfo(folder.Path);
        info.Kind.Should().Be(CompressedFourierTarget.Kind);
        info.Domain.Should().Be(image.Domain);
        (info.Bits, info.Floats, info.StoredBytes).Should().Be((fit.Representation.BitCount, fit.Representation.FloatCount, (fit.Representation.BitCount / 8) + 5));
        info.Storage.Should().Equal(new Dictionary<string, string> { ["code"] = "bytes" });
    }

    [Fact]
    public void Save_WithPlainNumbers_IsAnOrdinaryFileOfTheSameFunction()
    {
        using var image = FitterContract.TestImage(20, 30);
        using var fit = Fit(image, new());
        using var plain = fit.Representation.WithStorage((_, t) => TensorStorage.Dense(t));
        using var loaded = SavedAndLoaded(plain, out byte[] file);
        file[8].Should().Be((byte)'{');
        using var a = loaded.Render(31, 17);
        using var b = fit.Representation.Render(31, 17);
        Close.ShouldBeSame(a.Values, b.Values);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1500)]
    public void FileBytes_IsMetClosely(int bytes)
    {
        using var image = Waves([96, 80], 3);
        using var fit = Fit(image, new() { FileBytes = bytes });
        using var loaded = SavedAndLoaded(fit.Representation, out byte[] file);
        file.Length.Should().BeInRange((int)(0.9 * bytes), bytes);
    }

    [Fact]
    public void BitsPerSample_CountsTheWholeFile()
    {
        using var image = Waves([96, 80], 3);
        using var fit = Fit(image, new() { BitsPerSample = 1 });
        using var loaded = SavedAndLoaded(fit.Representation, out byte[] file);
        file.Length.Should().BeInRange(860, 960);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(45)]
    [InlineData(70)]
    public void Psnr_IsReached(double psnr)
    {
        using var image = Waves([96, 80], 3);
        using var fit = Fit(image, new() { Psnr = psnr });
        fit.Psnr.Should().BeInRange(psnr, psnr + 1);
    }

    [Fact]
    public void FileBytes_TooFew_SaysTheSmallest()
    {
        using var image = Waves([96, 80], 3);
        ((Action)(() => Fit(image, new() { FileBytes = 20 }).Dispose())).Should().Throw<ArgumentException>().WithMessage("*cannot be coded in 20 bytes; the smallest file has *");
    }

    [Fact]
    public void Quality_TenMore_HalvesTheStep()
    {
        using var image = Waves([96, 80], 3);
        using var coarse = Fit(image, new() { Quality = 40 });
        using var fine = Fit(image, new() { Quality = 60 });
        fine.MeanSquaredError.Should().BeLessThan(coarse.MeanSquaredError / 6);
        fine.Representation.BitCount.Should().BeGreaterThan(coarse.Representation.BitCount);
    }

    [Fact]
    public void Options_TwoGoals_AreRefused() =>
        ((Action)(() => new CompressedFourierFitter(new() { Psnr = 30, FileBytes = 100 }).Dispose())).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*only goal*");

    [Fact]
    public void Threads_DoNotChangeTheBytes()
    {
        using var image = Waves([150, 140], 3);
        using var one = Fit(image, new() { Threads = 1 });
        using var two = Fit(image, new() { Threads = 2 });
        Close.ShouldBeSame(one.Representation.Parameters[0], two.Representation.Parameters[0]);
    }

    [Fact]
    public void Flat_TakesFewBytes()
    {
        using var signal = Signal.FromGrid(Enumerable.Repeat(0.25f, 300 * 200 * 3).ToArray(), [300, 200], 3);
        using var fit = Fit(signal, new());
        fit.MeanSquaredError.Should().BeLessThan(1e-7);
        (fit.Representation.BitCount / 8).Should().BeLessThan(40);
    }

    [Fact]
    public void Correlated_Channels_AreTurned()
    {
        using var scope = NewDisposeScope();
        using var grey = Waves([96, 96], 1);
        using var color = Signal.FromGrid(cat([grey.Values, grey.Values * 0.8, grey.Values * 0.5], 1), [96, 96]);
        using var one = Fit(grey, new() { Step = 0.02 });
        using var three = Fit(color, new() { Step = 0.02 });
        three.Representation.BitCount.Should().BeLessThan((long)(1.35 * one.Representation.BitCount));
    }

    [Fact]
    public void Sound_Loud_KeepsItsRange()
    {
        using var signal = Waves([3000], 1, scale: 400);
        using var fit = Fit(signal, new() { Step = 2 });
        Math.Sqrt(fit.MeanSquaredError).Should().BeLessThan(2);
    }

    [Fact]
    public void Function_AtSamples_IsThePicture()
    {
        using var image = Waves([70, 90], 3);
        using var fit = Fit(image, new() { Quality = 40 });
        using var scope = NewDisposeScope();
        var picture = fit.Representation.Render().Values;
        Close.ShouldBeClose(fit.Representation.Evaluate(CoordinateGrid.Create([70, 90])), picture, 1e-5);
        // A window that the separable renderer draws.
        var whole = fit.Representation.Render([70, 90], [(-1, 1), (-1, 1.0000001)]).Values;
        Close.ShouldBeClose(whole, picture, 1e-5);
    }

    // Where the jumps are small, borders close: the function is nearer to continuous than its boxes.
    [Fact]
    public void Borders_AreBlended()
    {
        using var scope = NewDisposeScope();
        var x = CoordinateGrid.Create([128, 128]);
        using var ramp = Signal.FromGrid(((x.select(1, 0) * 0.3) + (x.select(1, 1).square() * 0.2) + 0.5).unsqueeze(1), [128, 128]);
        using var fit = Fit(ramp, new() { Step = 0.12 });
        var fine = fit.Representation.Render(4096, 3).Values.reshape(4096, 3);
        var jumps = (fine.narrow(0, 1, 4095) - fine.narrow(0, 0, 4095)).abs().max().item<float>();
        jumps.Should().BeLessThan(0.06f);
    }

    // Version 1 as it was first written: 21×70 samples of three values, with links, directions and blended borders.
    [Fact]
    public void File_OfVersionOne_StaysReadable()
    {
        byte[] file = Convert.FromBase64String(
            "iUlOUgFxFUYDrisiORU5Czl/YHPLf9ELmCJFp9ZJIIxAv7/mwdGL1jkbKQY65+xHlQpivgLKeEw4g16PuubEXGI9GPuhr+H03Zqth3BnOTDA5evQCZyVVL7hM6O0xITR9l8FNHwKtc5nUj7EL3yXrY" +
            "5BxPoaeY2dOaftg1lejl6HQLsJmAfZz8m5rmEa53cIFyem7olJj7qsJBF5u1wHBiKHBY4ivMe3kF3z5NgnWJO9c0PbJprWjnqklVMFv3WTt6nfnMDyb1oZIz2eIPJLUA6RvLXy0NUm4BwikSL0RvnH" +
            "ot48XU9pztP/DPnphFkU+M9F/v6pCsGyUQkXOMz5c67QAV5QprEz0U0HImRSO6OIVG5RXPVqedzzpx/9MH9t2SYecasWkb79R9zW23oEqMGShQ4xtWbzzsa1SXuAju25hjh8CxxrwJko4NM+vKevl8" +
            "6lc48JPIVJWZ1EHw/Z");
        using var scope = NewDisposeScope();
        using var loaded = ImplicitRepresentation.Load(new MemoryStream(file));
        loaded.Domain.GridShape.Should().Equal(21, 70);
        loaded.Format.Should().Be(new SampleFormat(8));
        float[] values = loaded.Render().Values.data<float>().ToArray();
        float[] expected = [0.52755046f, 0.51273197f, 0.6393927f, 0.58634853f, 0.63743716f];
        int[] places = [0, 777, 2000, 3001, 4409];
        for (int i = 0; i < places.Length; i++)
            values[places[i]].Should().BeApproximately(expected[i], 1e-5f);
        values.Sum(x => (double)x).Should().BeApproximately(2803.1858, 1e-2);
    }

    // The end of the last box must be the end of the bytes: what is cut seldom ends there too.
    [Fact]
    public void File_Truncated_IsRefusedOrAPicture()
    {
        byte[] file = SmallFile();
        int pictures = Enumerable.Range(0, file.Length).Count(length => LoadsAsPicture(file[..length]));
        pictures.Should().BeLessThan(file.Length / 15);
    }

    [Fact]
    public void File_Longer_IsRefused()
    {
        using var stream = new MemoryStream([.. SmallFile(), 0]);
        ((Action)(() => ImplicitRepresentation.Load(stream).Dispose())).Should().Throw<InrFileException>();
    }

    [Fact]
    public void File_WithAnyBitChanged_IsRefusedOrAPicture()
    {
        byte[] file = SmallFile();
        for (int bit = 0; bit < 8 * file.Length; bit++)
        {
            byte[] changed = [.. file];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            LoadsAsPicture(changed);
        }
    }

    [Fact]
    public void File_ThatClaimsTooMuch_IsRefusedBeforeItAllocates()
    {
        // A header of 16,000 × 16,000 samples, and one coded byte.
        byte[] claim = [0x89, (byte)'I', (byte)'N', (byte)'R', 1, 0x21, 0x80, 0x7D, 0x80, 0x7D, 1, 0, 0x3C, 0, 0, 0x12];
        long before = GC.GetAllocatedBytesForCurrentThread();
        ((Action)(() => ImplicitRepresentation.Load(new MemoryStream(claim)).Dispose())).Should().Throw<InrFileException>();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(32 << 20);
    }

    [Fact]
    public void Form_ThatIsUnknown_IsRefused()
    {
        byte[] file = SmallFile();
        file[4] = 77;
        ((Action)(() => ImplicitRepresentation.Load(new MemoryStream(file)).Dispose())).Should().Throw<InrFileException>().WithMessage("*compact form 77 is not known*");
    }

    // Whether bytes are a picture, whole and of the size that they say; no other way to fail than the documented one.
    private static bool LoadsAsPicture(byte[] file)
    {
        try
        {
            using var loaded = ImplicitRepresentation.Load(new MemoryStream(file));
            using var rendered = loaded.Render();
            rendered.SampleCount.Should().Be(loaded.Domain.SampleCount);
            return true;
        }
        catch (InrFileException)
        {
            return false;
        }
    }

    private static byte[] SmallFile()
    {
        using var image = FitterContract.TestImage(20, 26);
        using var fit = Fit(image, new() { Quality = 55 });
        using var stream = new MemoryStream();
        fit.Representation.Save(stream);
        return stream.ToArray();
    }

    private static FitResult Fit(Signal signal, CompressedFourierOptions options)
    {
        using var fitter = new CompressedFourierFitter(options);
        return fitter.Fit(signal);
    }

    private static ImplicitRepresentation SavedAndLoaded(ImplicitRepresentation representation, out byte[] file)
    {
        using var stream = new MemoryStream();
        representation.Save(stream);
        file = stream.ToArray();
        return ImplicitRepresentation.Load(new MemoryStream(file));
    }

    // Waves of several directions and an edge, different in every channel.
    private static Signal Waves(int[] shape, int channels, double scale = 1)
    {
        int count = shape.Aggregate(1, (a, b) => a * b), width = shape[^1];
        var values = new float[count * channels];
        for (int i = 0; i < count; i++)
        {
            double y = (double)(i / width), x = i % width;
            for (int c = 0; c < channels; c++)
                values[(i * channels) + c] = (float)(scale * (0.5 + (0.2 * Math.Sin((0.11 * x) + (0.07 * y * (c + 1)))) + (0.1 * Math.Cos(0.31 * x * y / (x + y + 9))) + (x + (0.4 * y) > 41 + c ? 0.15 : 0)));
        }

        return Signal.FromGrid(values, shape, channels);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"inr-coded-{Guid.NewGuid():N}.inr");

        public void Dispose() => File.Delete(Path);
    }
}
