using System.Runtime.InteropServices;
using Inr.Testing;

namespace Inr.Tests;

public sealed class ImageResizeTests
{
    [Theory]
    [InlineData(ResizeFilter.Bicubic, "bicubic", 13, 10)]
    [InlineData(ResizeFilter.Bicubic, "bicubic", 60, 57)]
    [InlineData(ResizeFilter.Bilinear, "bilinear", 13, 10)]
    [InlineData(ResizeFilter.Box, "box", 13, 10)]
    public void Resize_Photo_AgreesWithPillow(ResizeFilter filter, string name, int width, int height)
    {
        var expected = MemoryMarshal.Cast<byte, float>(TestFiles.FixtureBytes($"images/coffee-{name}-{width}x{height}.f32")).ToArray();

        using var image = ImageSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"), new ImageLoadOptions { Size = new ImageSize(height, width), Filter = filter });

        image.Domain.Should().Be(SignalDomain.Grid(height, width));
        var actual = image.Values.data<float>().ToArray();
        actual.Length.Should().Be(expected.Length);
        actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(2e-7f);
    }

    [Fact]
    public void Resize_Signal_AgreesWithPillowAndLeavesNoTensor()
    {
        var expected = MemoryMarshal.Cast<byte, float>(TestFiles.FixtureBytes("images/coffee-bicubic-13x10.f32")).ToArray();
        using var image = ImageSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"));
        long live = LiveTensors.Count;

        using (var small = image.Resize(new ImageSize(10, 13)))
        {
            small.Domain.Should().Be(SignalDomain.Grid(10, 13));
            small.Name.Should().Be(image.Name);
            small.Values.data<float>().ToArray().Zip(expected, (a, b) => Math.Abs(Math.Clamp(a, 0, 1) - b)).Max().Should().BeLessThan(2e-7f);
        }

        LiveTensors.Count.Should().Be(live);
    }

    [Theory]
    [InlineData(ResizeFilter.Bicubic)]
    [InlineData(ResizeFilter.Bilinear)]
    [InlineData(ResizeFilter.Box)]
    public void Resize_ConstantImage_StaysConstant(ResizeFilter filter)
    {
        using var image = new PixelBuffer(new ImageSize(7, 11), 1, Enumerable.Repeat(0.3f, 77).ToArray());

        foreach (var size in new[] { new ImageSize(1, 1), new ImageSize(3, 29), new ImageSize(40, 2) })
        {
            using var resized = ImageResize.Resize(image, size, filter);
            resized.Values.ToArray().Should().OnlyContain(v => v == 0.3f);
        }
    }

    [Theory]
    [InlineData(ResizeFilter.Bicubic)]
    [InlineData(ResizeFilter.Bilinear)]
    public void Resize_LinearRamp_IsReproducedAwayFromBorders(ResizeFilter filter)
    {
        // Both kernels reproduce lines when enlarging; target sample j sits at (j + 1/2)/3 of the source.
        using var ramp = new PixelBuffer(new ImageSize(1, 20), 1, Enumerable.Range(0, 20).Select(i => (i + 0.5f) / 20).ToArray());

        using var resized = ImageResize.Resize(ramp, new ImageSize(1, 60), filter);

        for (int j = 6; j < 54; j++)
            resized.Values[j].Should().BeApproximately((j + 0.5f) / 60, 1e-6f);
    }

    [Fact]
    public void Resize_BoxByWholeFactor_IsMeanOfBlocks()
    {
        var values = Enumerable.Range(0, 6 * 4).Select(i => i * i % 17 / 17f).ToArray();
        using var image = new PixelBuffer(new ImageSize(4, 6), 1, values);

        using var resized = ImageResize.Resize(image, new ImageSize(2, 2), ResizeFilter.Box);

        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 2; x++)
            {
                double mean = (from dy in Enumerable.Range(0, 2) from dx in Enumerable.Range(0, 3) select (double)values[(2 * y + dy) * 6 + 3 * x + dx]).Average();
                resized.Values[y * 2 + x].Should().BeApproximately((float)mean, 1e-6f);
            }
        }
    }

    [Fact]
    public void Resize_HalfByBicubic_HasWeightsOfTheFormula()
    {
        // An impulse of one axis: s = 2, so weights are k((i + 1/2 − x)/2), normalized over the window of 8.
        var values = new float[32];
        values[16] = 1;
        using var impulse = new PixelBuffer(new ImageSize(1, 32), 1, values);
        using var resized = ImageResize.Resize(impulse, new ImageSize(1, 16), ResizeFilter.Bicubic);

        double Keys(double x) => Math.Abs(x) switch
        {
            < 1 => 1.5 * Math.Pow(Math.Abs(x), 3) - 2.5 * x * x + 1,
            < 2 => -0.5 * Math.Pow(Math.Abs(x), 3) + 2.5 * x * x - 4 * Math.Abs(x) + 2,
            _ => 0,
        };
        double total = Enumerable.Range(-4, 8).Sum(i => Keys((i + 0.5) / 2));
        for (int j = 0; j < 16; j++)
            resized.Values[j].Should().BeApproximately((float)(Keys((16 + 0.5 - (j + 0.5) * 2) / 2) / total), 1e-7f);
    }

    [Fact]
    public void Resize_Signal_IsTheResizeOfALoad()
    {
        // An overshoot stays: only a load clamps.
        using var image = Signal.FromGrid([0f, 0, 1, 1, 0, 0, 1, 1], [2, 4], 1, "edge");

        using var resized = image.Resize(new ImageSize(2, 8));

        using var buffer = new PixelBuffer(new ImageSize(2, 4), 1, [0f, 0, 1, 1, 0, 0, 1, 1]);
        using var expected = ImageResize.Resize(buffer, new ImageSize(2, 8), ResizeFilter.Bicubic);
        resized.Values.data<float>().ToArray().Should().Equal(expected.Values.ToArray());
        resized.Values.max().item<float>().Should().BeGreaterThan(1);
        (resized.Name, resized.Domain).Should().Be(("edge", SignalDomain.Grid(2, 8)));
        using var same = image.Resize(new ImageSize(2, 4));
        same.Values.data<float>().ToArray().Should().Equal(image.Values.data<float>().ToArray());
    }

    [Fact]
    public void Resize_NoImageOrNoSize_Throws()
    {
        using var sound = Signal.FromGrid(new float[6], [6], 1);
        using var image = Signal.FromGrid(new float[6], [2, 3], 1);

        new Action(() => sound.Resize(new ImageSize(2, 2))).Should().Throw<ArgumentException>().WithMessage("*grid of two axes*");
        new Action(() => image.Resize(new ImageSize(0, 2))).Should().Throw<ArgumentException>().WithMessage("*Size*");
        new Action(() => image.Resize(new ImageSize(1 << 20, 1 << 20))).Should().Throw<ArgumentException>().WithMessage("*Size*");
    }

    [Fact]
    public void Resize_TransparentPixels_DoNotColourTheirNeighbours()
    {
        // White that nobody sees beside opaque red: half of the area is seen, and all that is seen is red.
        using var buffer = new PixelBuffer(new ImageSize(1, 2), 4, [1f, 0, 0, 1, 1, 1, 1, 0]);
        using var one = ImageResize.Resize(buffer, new ImageSize(1, 1), ResizeFilter.Box);
        using var three = ImageResize.Resize(buffer, new ImageSize(1, 3), ResizeFilter.Bilinear);

        one.Values.ToArray().Should().Equal(1, 0, 0, 0.5f);
        // Red everywhere, as far as anything is seen; black where nothing is.
        three.Values.ToArray().Should().Equal(1, 0, 0, 1, 1, 0, 0, 0.5f, 0, 0, 0, 0);
    }

    [Fact]
    public void Resize_OpaqueRgba_IsThatOfRgb()
    {
        using var rgb = ImageSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"), new ImageLoadOptions { Size = new ImageSize(13, 17) });
        using var rgba = ImageSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"), new ImageLoadOptions { Channels = 4, Size = new ImageSize(13, 17) });

        (rgba.Values.narrow(1, 0, 3) - rgb.Values).abs().max().item<float>().Should().Be(0);
        rgba.Values.select(1, 3).min().item<float>().Should().BeApproximately(1, 1e-6f);
    }
}
