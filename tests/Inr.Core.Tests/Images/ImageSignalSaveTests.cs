using StbImageSharp;

namespace Inr.Tests;

public sealed class ImageSignalSaveTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(1, ColorComponents.Grey)]
    [InlineData(2, ColorComponents.GreyAlpha)]
    [InlineData(3, ColorComponents.RedGreenBlue)]
    [InlineData(4, ColorComponents.RedGreenBlueAlpha)]
    public void SavePng_EightBit_IsReadBackByIndependentDecoder(int channels, ColorComponents components)
    {
        using var image = Noise(37, 23, channels);

        image.SavePng(_files.At("a.png"));

        var decoded = ImageResult.FromMemory(File.ReadAllBytes(_files.At("a.png")), components);
        (decoded.Width, decoded.Height, decoded.SourceComp).Should().Be((37, 23, components));
        decoded.Data.Should().Equal(image.ToPixels8());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void SavePng_SixteenBit_RoundTripsToHalfAStep(int channels)
    {
        using var image = Noise(19, 31, channels);

        image.SavePng(_files.At("a.png"), bitDepth: 16);

        using var loaded = ImageSignal.Load(_files.At("a.png"));
        loaded.Channels.Should().Be(channels);
        var step = (loaded.Values - image.Values).abs().max().item<float>() * 65535;
        // A reader of 8 bits would be off by up to 128 steps.
        step.Should().BeLessThan(0.51f);
    }

    [Fact]
    public void SavePng_Stream_HoldsTheBytesOfTheFile()
    {
        using var image = Noise(37, 23, 3);
        using var stream = new MemoryStream();

        image.SavePng(stream, bitDepth: 16);

        image.SavePng(_files.At("a.png"), bitDepth: 16);
        stream.ToArray().Should().Equal(File.ReadAllBytes(_files.At("a.png")));
        stream.CanWrite.Should().BeTrue("the stream is the caller's");
        new Action(() => image.SavePng(stream, bitDepth: 12)).Should().Throw<ArgumentException>().WithMessage("*8 or 16*");
    }

    [Fact]
    public void SavePng_MoreThanAChunk_IsReadBackByIndependentDecoder()
    {
        // Noise does not compress: about 1.4 MB, two data chunks.
        var random = new Random(1);
        var pixels = new byte[700 * 700 * 3];
        random.NextBytes(pixels);
        using var image = ImageSignal.FromPixels(pixels, 700, 700, 3);
        using var stream = new MemoryStream();

        image.SavePng(stream);

        stream.Length.Should().BeGreaterThan(1 << 20);
        ImageResult.FromMemory(stream.ToArray(), ColorComponents.RedGreenBlue).Data.Should().Equal(pixels);
        using var loaded = ImageSignal.Decode(stream.ToArray());
        loaded.ToPixels8().Should().Equal(pixels);
    }

    [Fact]
    public void Pixels_InAndOut_AreExact()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        ushort[] words = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        var bytesBack = new byte[256];
        var wordsBack = new ushort[65536];

        using var image = ImageSignal.FromPixels(bytes, 16, 16, 1);
        using var fine = ImageSignal.FromPixels(words, 256, 256, 1, "fine");
        image.ToPixels8(bytesBack);
        fine.ToPixels16(wordsBack);

        bytesBack.Should().Equal(bytes);
        wordsBack.Should().Equal(words);
        fine.Values[1, 0].item<float>().Should().Be(1 / 65535f);
        fine.Name.Should().Be("fine");
    }

    [Fact]
    public void Pixels_WrongRoom_Throws()
    {
        using var image = ImageSignal.FromPixels(new byte[6], 2, 1, 3);
        using var sound = Signal.FromGrid(new float[6], [6], 1);

        new Action(() => image.ToPixels8(new byte[7])).Should().Throw<ArgumentException>().WithMessage("*6 samples*room for 7*");
        new Action(() => image.ToPixels16(new ushort[5])).Should().Throw<ArgumentException>().WithMessage("*room for 5*");
        new Action(() => sound.ToPixels8(new byte[6])).Should().Throw<ArgumentException>().WithMessage("*two axes*");
        new Action(() => ImageSignal.FromPixels(new ushort[5], 2, 1, 3)).Should().Throw<ArgumentException>().WithMessage("*6 samples, not 5*");
        new Action(() => ImageSignal.FromPixels(new ushort[4], 2, 1, 2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1 (grey), 3*");
    }

    [Fact]
    public void SavePng_OnePixel_RoundTrips()
    {
        using var image = Signal.FromGrid([0.2f, 0.4f, 0.6f], [1, 1], 3);

        image.SavePng(_files.At("a.png"));

        using var loaded = ImageSignal.Load(_files.At("a.png"));
        loaded.ToPixels8().Should().Equal(51, 102, 153);
        loaded.Domain.Should().Be(SignalDomain.Grid(1, 1));
    }

    [Fact]
    public void SavePng_ValuesOutsideUnitInterval_AreClamped()
    {
        using var image = Signal.FromGrid([-5f, -0.001f, 0.5f, 1.001f, 1e30f], [1, 5], 1);

        image.SavePng(_files.At("a.png"));

        using var loaded = ImageSignal.Load(_files.At("a.png"));
        // 127.5 rounds to the even neighbour.
        loaded.ToPixels8().Should().Equal(0, 0, 128, 255, 255);
        image.ToPixels8().Should().Equal(0, 0, 128, 255, 255);
    }

    [Fact]
    public void SavePng_DoubleValues_AreAccepted()
    {
        using var values = torch.tensor(new[] { 0.0, 1.0 }, [2, 1]);
        using var image = Signal.FromGrid(values, [2, 1]);

        image.ToPixels8().Should().Equal(0, 255);
    }

    [Fact]
    public void SavePng_ExistingFile_IsReplacedAndNothingElseIsLeft()
    {
        using var image = Noise(4, 4, 3);
        _files.Write("a.png", [1, 2, 3]);

        image.SavePng(_files.At("a.png"));

        using var loaded = ImageSignal.Load(_files.At("a.png"));
        loaded.ToPixels8().Should().Equal(image.ToPixels8());
        Directory.GetFileSystemEntries(_files.Folder).Should().ContainSingle();
    }

    [Fact]
    public void SavePng_MissingFolder_ThrowsAndNamesIt()
    {
        using var image = Noise(4, 4, 3);

        var act = () => image.SavePng(_files.At("none/a.png"));

        act.Should().Throw<InrFileException>().WithMessage("*none*does not exist*");
    }

    [Fact]
    public void SavePng_OntoFolder_ThrowsAndKeepsIt()
    {
        using var image = Noise(4, 4, 3);
        Directory.CreateDirectory(_files.At("sub"));

        var act = () => image.SavePng(_files.At("sub"));

        act.Should().Throw<InrFileException>().WithMessage("*folder*");
        Directory.GetFileSystemEntries(_files.Folder).Should().Equal(_files.At("sub"));
    }

    [Fact]
    public void SavePng_NoImage_ThrowsAndKeepsExistingFile()
    {
        using var sound = Signal.FromGrid(new float[6], [6], 1);
        using var wide = Signal.FromGrid(new float[20], [2, 2], 5);
        using var image = Noise(4, 4, 3);
        string path = _files.Write("a.png", [1, 2, 3]);

        new Action(() => sound.SavePng(path)).Should().Throw<ArgumentException>().WithMessage("*grid of two axes*grid 6*");
        new Action(() => wide.SavePng(path)).Should().Throw<ArgumentException>().WithMessage("*1 to 4 channels*5 channels*");
        new Action(() => image.SavePng(path, bitDepth: 12)).Should().Throw<ArgumentException>().WithMessage("*8 or 16*");
        File.ReadAllBytes(path).Should().Equal(1, 2, 3);
    }

    private static Signal Noise(int width, int height, int channels)
    {
        var random = new Random(5);
        var values = new float[width * height * channels];
        // Smooth and rough parts, so that several row filters win.
        for (int i = 0; i < values.Length; i++)
            values[i] = i % 7 < 4 ? i / (float)values.Length : random.NextSingle();
        return Signal.FromGrid(values, [height, width], channels);
    }
}
