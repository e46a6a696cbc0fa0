namespace Inr.Tests;

public sealed class ImageLoadOptionsTests
{
    private static readonly string Coffee = TestFiles.Fixture("images/coffee-48x40.png");

    [Fact]
    public void Channels_GreyFromRgb_UsesLumaWeights()
    {
        using var image = Decode([1, 0, 0, 0, 1, 0, 0, 0, 1], 3, new ImageLoadOptions { Channels = 1 });

        image.Values.data<float>().ToArray().Should().Equal(0.299f, 0.587f, 0.114f);
    }

    [Fact]
    public void Channels_RgbFromRgba_CompositesOverWhite()
    {
        // Opaque, invisible, and half of one colour.
        using var image = Decode([0.2f, 0.4f, 0.6f, 1, 0.2f, 0.4f, 0.6f, 0, 0.2f, 0.4f, 0.6f, 0.6f], 4, new ImageLoadOptions { Channels = 3 });

        float[] expected = [0.2f, 0.4f, 0.6f, 1, 1, 1, 0.52f, 0.64f, 0.76f];
        image.Values.data<float>().ToArray().Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6);
    }

    [Fact]
    public void Channels_GreyFromRgba_CompositesBeforeLuma()
    {
        using var image = Decode([1, 0, 0, 0.2f], 4, new ImageLoadOptions { Channels = 1 });

        // Over white the pixel is (1, 0.8, 0.8).
        image.Values[0, 0].item<float>().Should().BeApproximately(0.299f + 0.8f * (0.587f + 0.114f), 1e-6f);
    }

    [Fact]
    public void Channels_FromGrey_RepeatsItAndIsOpaque()
    {
        using var rgb = Decode([0.2f], 1, new ImageLoadOptions { Channels = 3 });
        using var rgba = Decode([0.2f], 1, new ImageLoadOptions { Channels = 4 });

        rgb.Values.data<float>().ToArray().Should().Equal(0.2f, 0.2f, 0.2f);
        rgba.Values.data<float>().ToArray().Should().Equal(0.2f, 0.2f, 0.2f, 1);
    }

    [Fact]
    public void CenterCrop_WithoutSize_KeepsLargestSquare()
    {
        using var whole = ImageSignal.Load(Coffee);
        using var image = ImageSignal.Load(Coffee, new ImageLoadOptions { CenterCrop = true });

        var expected = whole.Values.reshape(40, 48, 3).narrow(1, 4, 40).reshape(-1, 3);
        image.Domain.Should().Be(SignalDomain.Grid(40, 40));
        image.Values.data<float>().ToArray().Should().Equal(expected.contiguous().data<float>().ToArray());
    }

    [Theory]
    [InlineData(20, 20, 20, 24)]
    [InlineData(10, 30, 25, 30)]
    [InlineData(80, 80, 80, 96)]
    public void CenterCrop_WithSize_IsMiddleOfTheCoveringResize(int height, int width, int coverHeight, int coverWidth)
    {
        using var cover = ImageSignal.Load(Coffee, new ImageLoadOptions { Size = new ImageSize(coverHeight, coverWidth) });
        using var image = ImageSignal.Load(Coffee, new ImageLoadOptions { Size = new ImageSize(height, width), CenterCrop = true });

        var expected = cover.Values.reshape(coverHeight, coverWidth, 3).narrow(0, (coverHeight - height) / 2, height).narrow(1, (coverWidth - width) / 2, width);
        image.Domain.Should().Be(SignalDomain.Grid(height, width));
        image.Values.data<float>().ToArray().Should().Equal(expected.contiguous().data<float>().ToArray());
    }

    [Fact]
    public void CenterCrop_OfExtremeAspect_NeedsNoMemoryForTheOverhang()
    {
        var line = Enumerable.Repeat((byte)200, 100_000).ToArray();
        var png = new PngBuilder { Width = 100_000, Height = 1, Sample = (_, x, _) => line[x] }.Build();

        using var image = ImageSignal.Decode(png, options: new ImageLoadOptions { Size = ImageSize.Square(300), CenterCrop = true });

        image.ToPixels8().Should().OnlyContain(p => p == 200);
    }

    [Fact]
    public void Size_Overshoot_IsClamped()
    {
        // A cubic overshoots at an edge between black and white.
        using var image = Decode([0, 0, 0, 1, 1, 1], 1, new ImageLoadOptions { Size = new ImageSize(1, 24) });

        image.Values.min().item<float>().Should().Be(0);
        image.Values.max().item<float>().Should().Be(1);
    }

    [Theory]
    [InlineData(1, 3, new[] { 0.2f, 0.2f, 0.2f })]
    [InlineData(2, 3, new[] { 0.7f, 0.7f, 0.7f })]
    [InlineData(2, 1, new[] { 0.7f })]
    [InlineData(4, 3, new[] { 0.7f, 0.75f, 0.8f })]
    [InlineData(3, 4, new[] { 0.2f, 0.4f, 0.6f, 1 })]
    [InlineData(2, 4, new[] { 0.2f, 0.2f, 0.2f, 0.375f })]
    [InlineData(3, 1, new[] { 0.363f })]
    [InlineData(3, 3, new[] { 0.2f, 0.4f, 0.6f })]
    public void WithChannels_EveryPair_FollowsTheRule(int from, int to, float[] expected)
    {
        float[] pixel = from switch { 1 => [0.2f], 2 => [0.2f, 0.375f], 3 => [0.2f, 0.4f, 0.6f], _ => [0.2f, 1 / 3f, 0.46666667f, 0.375f] };
        using var values = TorchSharp.torch.tensor(pixel, [1, from]).clone();
        using var image = Signal.OnGrid(values, SignalDomain.Grid(1, 1), "pixel", new SampleFormat(16));

        using var converted = image.WithChannels(to);

        converted.Values.data<float>().ToArray().Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-6f);
        (converted.Name, converted.Format, converted.Domain).Should().Be((image.Name, image.Format, image.Domain));
    }

    [Fact]
    public void WithChannels_NoImage_Throws()
    {
        using var sound = Signal.FromGrid(new float[4], [4], 1);
        using var wide = Signal.FromGrid(new float[20], [2, 2], 5);
        using var image = Signal.FromGrid(new float[4], [2, 2], 1);

        new Action(() => sound.WithChannels(3)).Should().Throw<ArgumentException>().WithMessage("*two axes*");
        new Action(() => wide.WithChannels(3)).Should().Throw<ArgumentException>().WithMessage("*1 to 4 channels*");
        new Action(() => image.WithChannels(2)).Should().Throw<ArgumentException>().WithMessage("*Channels is 2*");
    }

    public static TheoryData<ImageLoadOptions, string> Bad() => new()
    {
        { new ImageLoadOptions { Channels = 2 }, "*Channels is 2*1 (grey), 3 (RGB), 4 (RGBA)*" },
        { new ImageLoadOptions { Channels = 0 }, "*Channels is 0*" },
        { new ImageLoadOptions { Size = new ImageSize(0, 5) }, "*Size is 5×0*" },
        { new ImageLoadOptions { Size = new ImageSize(5, -5) }, "*Size is -5×5*" },
        { new ImageLoadOptions { Size = ImageSize.Square(1_000_000) }, "*Size is 1000000×1000000*" },
        { new ImageLoadOptions { Filter = (ResizeFilter)9 }, "*Filter is 9*Bicubic, Bilinear, Box*" },
        { new ImageLoadOptions { MaxPixels = 0 }, "*MaxPixels is 0*" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Load_OptionOutOfRange_NamesOptionValueAndRange(ImageLoadOptions options, string message)
    {
        var act = () => ImageSignal.Load(Coffee, options);

        act.Should().Throw<ArgumentException>().WithMessage(message);
    }

    /// <summary>One row of pixels, passed through a 16-bit file so that the values arrive to 1e-5.</summary>
    private static Signal Decode(float[] values, int channels, ImageLoadOptions options)
    {
        int color = channels switch { 1 => 0, 3 => 2, _ => 6 };
        // 5 divides 65535, so tenths of even count survive exactly.
        int Sample(int y, int x, int k) => (int)Math.Round(values[x * channels + k] * 65535);
        return ImageSignal.Decode(new PngBuilder { Width = values.Length / channels, Height = 1, Color = color, BitDepth = 16, Sample = Sample }.Build(), options: options);
    }
}
