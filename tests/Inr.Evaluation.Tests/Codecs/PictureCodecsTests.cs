using Inr.Evaluation;

namespace Inr.Tests.Evaluation;

/// <summary>The files that stand beside every fit of a picture are what they say: without loss, or as large as the fit.</summary>
public sealed class PictureCodecsTests
{
    private const int Height = 24;
    private const int Width = 40;

    private static readonly Dictionary<string, long> Nobody = [];

    [Theory]
    [InlineData(1, 255)]
    [InlineData(2, 255)]
    [InlineData(3, 255)]
    [InlineData(4, 255)]
    [InlineData(1, 65_535)]
    [InlineData(3, 65_535)]
    [InlineData(4, 65_535)]
    public void Png_OfAnyDepthAndChannels_GivesTheSameValues(int channels, int largest)
    {
        using var picture = Picture(channels, largest);
        var file = PngFile.Encode(picture)!;
        using var read = ImageSignal.Decode(file.Bytes);

        read.Channels.Should().Be(channels == 2 ? 4 : channels);
        using var expected = channels == 2 ? picture.Values[torch.TensorIndex.Colon, torch.TensorIndex.Tensor(torch.tensor(new long[] { 0, 0, 0, 1 }))] : picture.Values.alias();
        read.Values.equal(expected).all().item<bool>().Should().BeTrue();
        (8 * file.Bytes.Length).Should().BeLessThan(largest == 255 ? 8 * channels * Height * Width : 16 * channels * Height * Width, "it compresses");
    }

    [Fact]
    public void Measure_NumbersOfNoDepth_HaveNoPng()
    {
        using var values = torch.rand([Height * Width, 3]) * 0.9 + 0.01234567;
        using var picture = Signal.FromGrid(values, [Height, Width]);

        PictureCodecs.Measure(picture, Nobody, default).Should().NotBeEmpty().And.OnlyContain(f => f.Codec == "jpeg");
    }

    [Theory]
    [InlineData(1, 500)]
    [InlineData(3, 900)]
    [InlineData(3, 1)]
    [InlineData(3, 1_000_000)]
    public void Measure_WantedSize_IsMetByTheNearestQuality(int channels, long wanted)
    {
        using var picture = Picture(channels, 255);
        var fit = PictureCodecs.Measure(picture, new Dictionary<string, long> { ["siren"] = wanted }, default).Single(f => f.Matched == "siren");
        var files = new JpegFiles(picture, default);
        var chosen = files.Nearest(wanted);

        (fit.Quality, fit.Wanted, fit.Bytes).Should().Be((chosen.Quality, wanted, files.Judge(chosen).File.Bytes.Length));
        foreach (int other in new[] { chosen.Quality - 1, chosen.Quality + 1 }.Where(q => q is >= 1 and <= 100))
            Math.Abs(files.Judge(chosen with { Quality = other }).File.Bytes.Length - wanted).Should().BeGreaterThanOrEqualTo(Math.Abs(fit.Bytes - wanted));
        using var read = ImageSignal.Decode(files.Judge(chosen).File.Bytes);
        Psnr.Of(picture, read).Should().BeApproximately(fit.Psnr, 0.5, "another decoder rounds and enlarges colour in another way");
        fit.BitsPerSample.Should().Be(8.0 * fit.Bytes / (Height * Width));
    }

    [Fact]
    public void Measure_Curve_GetsBetterAndLarger()
    {
        using var picture = Picture(3, 255);
        var curve = PictureCodecs.Measure(picture, Nobody, default).Where(f => f.Codec == "jpeg").ToList();

        curve.Select(f => f.Quality).Should().Equal(10, 25, 50, 75, 90, 95, 98, 100);
        curve.Select(f => f.Bytes).Should().BeInAscendingOrder();
        curve[^1].Psnr.Should().BeGreaterThan(curve[0].Psnr + 10);
    }

    [Fact]
    public void Measure_WhatACodecCannotHold_HasNoRow()
    {
        using var transparent = Picture(4, 255);
        using var five = Signal.FromGrid(new float[Height * Width * 5], [Height, Width], 5);
        using var sound = Signal.FromGrid(new float[100], [100], 1);

        PictureCodecs.Measure(transparent, Nobody, default).Should().ContainSingle().Which.Codec.Should().Be("png");
        PictureCodecs.Measure(five, Nobody, default).Should().BeEmpty();
        PictureCodecs.Measure(sound, Nobody, default).Should().BeEmpty();
    }

    [Fact]
    public void Measure_Cancelled_Ends()
    {
        using var picture = Picture(3, 255);
        ((Action)(() => PictureCodecs.Measure(picture, Nobody, new CancellationToken(canceled: true)))).Should().Throw<OperationCanceledException>();
    }

    // Waves of each channel, in whole steps of the depth.
    private static Signal Picture(int channels, int largest)
    {
        var pixels = new ushort[Height * Width * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            int pixel = i / channels, channel = i % channels;
            double wave = Math.Sin(0.21 * (pixel % Width) + channel) * Math.Cos(0.17 * (pixel / Width));
            pixels[i] = (ushort)Math.Round((0.5 + (0.45 * wave)) * largest);
        }

        float[] values = [.. pixels.Select(p => p / (float)largest)];
        return Signal.FromGrid(values, [Height, Width], channels, "waves");
    }
}
