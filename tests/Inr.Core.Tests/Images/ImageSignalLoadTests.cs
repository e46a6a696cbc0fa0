using Inr.Testing;
using StbImageSharp;

namespace Inr.Tests;

public sealed class ImageSignalLoadTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Load_Image_HasGridOfRowsAndColumnsNameAndFloat32()
    {
        using var image = ImageSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"));

        image.Domain.Should().Be(SignalDomain.Grid(40, 48));
        image.Name.Should().Be("coffee-48x40.png");
        image.Values.dtype.Should().Be(TorchSharp.torch.ScalarType.Float32);
        image.Channels.Should().Be(3);
        (image.Width(), image.Height()).Should().Be((48, 40));
        // The first pixel's centre lies half a pixel inside the corner.
        image.Coordinates[0, 0].item<float>().Should().BeApproximately(-1 + 1f / 40, 1e-7f);
        image.Coordinates[0, 1].item<float>().Should().BeApproximately(-1 + 1f / 48, 1e-7f);
    }

    [Theory]
    [InlineData("formula-rgba.png", 4)]
    [InlineData("formula-grey-alpha.png", 4)]
    public void Load_AlphaFromPillow_EqualsFormula(string file, int channels)
    {
        using var image = ImageSignal.Load(TestFiles.Fixture($"images/{file}"));

        bool grey = file.Contains("grey");
        float Expected(int y, int x, int k) => (x * 37 + y * 11 + (grey && k < 3 ? 0 : k) * 50) % 256 / 255f;
        image.Channels.Should().Be(channels);
        image.Values.data<float>().ToArray().Should().Equal(Pixels(5, 7, channels, Expected));
    }

    [Fact]
    public void Load_Grey16FromPillow_KeepsAllBits()
    {
        using var image = ImageSignal.Load(TestFiles.Fixture("images/formula-grey16.png"));

        image.Values.data<float>().ToArray().Should().Equal(Pixels(5, 7, 1, (y, x, _) => (x * 9001 + y * 1234) / 65535f));
    }

    [Fact]
    public void Load_OneBitFromPillow_IsBlackAndWhite()
    {
        using var image = ImageSignal.Load(TestFiles.Fixture("images/formula-1bit.png"));

        image.Values.data<float>().ToArray().Should().Equal(Pixels(5, 7, 1, (y, x, _) => (x + y) % 2));
    }

    [Theory]
    [InlineData("formula-palette.png", 3)]
    [InlineData("formula-palette-alpha.png", 4)]
    public void Load_PaletteFromPillow_LooksColoursUp(string file, int channels)
    {
        using var image = ImageSignal.Load(TestFiles.Fixture($"images/{file}"));

        float[] palette = [10, 20, 30, 40, 50, 60, 70, 80, 90, 250, 251, 252];
        float[] alpha = [0, 128, 255, 255];
        float Expected(int y, int x, int k) => (k < 3 ? palette[(x + y) % 4 * 3 + k] : alpha[(x + y) % 4]) / 255f;
        image.Values.data<float>().ToArray().Should().Equal(Pixels(5, 7, channels, Expected));
    }

    public static TheoryData<int, int, bool> EveryPngLayout()
    {
        var rows = new TheoryData<int, int, bool>();
        foreach (bool interlaced in new[] { false, true })
        {
            foreach (var (color, depths) in new[] { (0, new[] { 1, 2, 4, 8, 16 }), (2, [8, 16]), (4, [8, 16]), (6, [8, 16]) })
            {
                foreach (int depth in depths)
                    rows.Add(color, depth, interlaced);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(EveryPngLayout))]
    public void Decode_EveryPngLayoutAndFilter_EqualsSamples(int color, int depth, bool interlaced)
    {
        int max = (1 << depth) - 1;
        int Sample(int y, int x, int k) => (x * 7919 + y * 104729 + k * 15485863 + x * y * 31) & max;
        var png = new PngBuilder { Width = 13, Height = 11, Color = color, BitDepth = depth, Interlaced = interlaced, Sample = Sample };

        using var image = ImageSignal.Decode(png.Build());

        int channels = color switch { 0 => 1, 2 => 3, _ => 4 };
        float Expected(int y, int x, int k) => Sample(y, x, color == 4 ? k / 3 : k) / (float)max;
        image.Values.data<float>().ToArray().Should().Equal(Pixels(11, 13, channels, Expected));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 9)]
    public void Decode_InterlacedEightBit_AgreesWithIndependentDecoder(int width, int height)
    {
        var png = new PngBuilder { Width = width, Height = height, Color = 2, Interlaced = true, Sample = (y, x, k) => (x * 31 + y * 57 + k * 91) % 256 }.Build();

        using var image = ImageSignal.Decode(png);

        image.ToPixels8().Should().Equal(ImageResult.FromMemory(png, ColorComponents.RedGreenBlue).Data);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    public void Decode_TransparentColour_BecomesAlpha(int color, int depth)
    {
        // Samples differ from the transparent colour in one channel or in none.
        int Sample(int y, int x, int k) => x == 1 ? 100 + k : x == 2 ? 100 + 2 * k + (color == 0 ? 1 : 0) : 50;
        byte[] key = color == 0 ? [0, 100] : [0, 100, 0, 101, 0, 102];
        var png = new PngBuilder { Width = 3, Height = 1, Color = color, BitDepth = depth, Sample = Sample, Transparency = key };

        using var image = ImageSignal.Decode(png.Build());

        image.Channels.Should().Be(4);
        Enumerable.Range(0, 3).Select(x => image.Values[x, 3].item<float>()).Should().Equal(1, 0, 1);
        image.Values[1, 0].item<float>().Should().Be(100f / ((1 << depth) - 1));
    }

    [Theory]
    [InlineData("baseline", 3, 2)]
    [InlineData("progressive", 3, 2)]
    [InlineData("grey", 1, 2)]
    [InlineData("420", 3, 24)]
    public void Load_Jpeg_AgreesWithLibjpeg(string name, int channels, int tolerance)
    {
        // Pillow leaves the grey file on its side, as its EXIF orientation is not asked for.
        using var image = ImageSignal.Load(TestFiles.Fixture($"images/coffee-{name}.jpg"), new ImageLoadOptions { KeepStoredOrientation = true });
        using var expected = ImageSignal.Load(TestFiles.Fixture($"images/coffee-{name}.decoded.png"));

        image.Domain.Should().Be(expected.Domain);
        image.Channels.Should().Be(channels);
        // Decoders may round the inverse transform differently, and interpolate subsampled colour differently.
        var difference = image.ToPixels8().Zip(expected.ToPixels8(), (a, b) => Math.Abs(a - b)).ToArray();
        difference.Max().Should().BeLessThanOrEqualTo(tolerance);
        difference.Average().Should().BeLessThan(1);
    }

    [Fact]
    public void Decode_Stream_ReadsFromItsPositionAndLeavesItOpen()
    {
        byte[] data = [1, 2, 3, .. TestFiles.FixtureBytes("images/coffee-48x40.png")];
        using var stream = new MemoryStream(data) { Position = 3 };

        using var image = ImageSignal.Decode(stream, "from memory");

        image.Name.Should().Be("from memory");
        image.SampleCount.Should().Be(48 * 40);
        stream.CanRead.Should().BeTrue();
    }

    [Fact]
    public void FromPixels_Bytes_DividesBy255AndRoundTrips()
    {
        var pixels = Enumerable.Range(0, 256 * 3).Select(i => (byte)i).ToArray();

        using var image = ImageSignal.FromPixels(pixels, 16, 16, 3);

        image.Values.data<float>().ToArray().Should().Equal(pixels.Select(p => p / 255f));
        image.ToPixels8().Should().Equal(pixels);
    }

    [Theory]
    [InlineData(0, 4, 3, 48)]
    [InlineData(4, -1, 3, 48)]
    [InlineData(4, 4, 2, 32)]
    [InlineData(4, 4, 3, 47)]
    [InlineData(65536, 65536, 1, 0)]
    public void FromPixels_WrongSizes_Throws(int width, int height, int channels, int length)
    {
        var act = () => ImageSignal.FromPixels(new byte[length], width, height, channels);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Load_File_LeavesNoTensorsBehind()
    {
        string path = TestFiles.Fixture("images/coffee-48x40.png");

        LiveTensors.ShouldStayFlat(() =>
        {
            using var image = ImageSignal.Load(path, new ImageLoadOptions { Size = ImageSize.Square(8) });
            _ = image.ToPixels8();
        });
    }

    private static float[] Pixels(int height, int width, int channels, Func<int, int, int, float> value) =>
        (from y in Enumerable.Range(0, height)
         from x in Enumerable.Range(0, width)
         from k in Enumerable.Range(0, channels)
         select value(y, x, k)).ToArray();
}
