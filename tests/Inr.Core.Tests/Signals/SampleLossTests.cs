namespace Inr.Tests;

/// <summary>Files as fine as their source, and what is said where they cannot be.</summary>
public sealed class SampleLossTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void SavePng_SixteenBitSource_HasSixteenBits()
    {
        byte[] source = TestFiles.FixtureBytes("images/ramp16.png");
        using var image = ImageSignal.Decode(source);

        image.SavePng(_files.At("a.png")).Warning.Should().BeNull();

        using var back = ImageSignal.Load(_files.At("a.png"));
        back.Format!.Bits.Should().Be(16);
        var shades = new ushort[image.SampleCount];
        back.ToPixels16(shades);
        shades.Distinct().Should().HaveCount(256);
        (back.Values - image.Values).abs().max().item<float>().Should().Be(0);
    }

    [Fact]
    public void SavePng_FewerBitsThanTheSource_SaysSo()
    {
        using var image = ImageSignal.Decode(TestFiles.FixtureBytes("images/ramp16.png"));
        using var unknown = Signal.FromGrid([0.5f], [1, 1], 1);

        image.SavePng(_files.At("a.png"), bitDepth: 8).Warning.Should().Be("it has 8-bit samples and its source has 16-bit ones.");
        unknown.SavePng(_files.At("b.png")).Should().Be(new SampleLoss(1, 0, new SampleFormat(8), null));
    }

    [Fact]
    public void SavePng_OutOfRange_IsCounted()
    {
        // Half a step beyond the range rounds into it; nothing is lost.
        using var image = Signal.FromGrid([-1f, -0.001f, 0.5f, 1.0015f, 1.003f, 2f], [2, 3], 1);
        using var stream = new MemoryStream();

        var loss = image.SavePng(stream);

        (loss.Samples, loss.Clipped).Should().Be((6, 3));
        loss.Warning.Should().Be("3 of 6 values lay beyond the range of 8-bit samples and were clipped.");
        image.SavePng(stream, bitDepth: 16).Clipped.Should().Be(5);
    }

    [Fact]
    public void SaveWav_LoudFloatSource_LosesNothing()
    {
        using var sound = AudioSignal.Load(TestFiles.Fixture("sounds/loud-float.wav"));
        sound.Values.max().item<float>().Should().BeGreaterThan(1.5f);

        sound.SaveWav(_files.At("a.wav")).Warning.Should().BeNull();

        using var back = AudioSignal.Load(_files.At("a.wav"), out int rate);
        (back.Format, rate).Should().Be((sound.Format, 8000));
        (back.Values - sound.Values).abs().max().item<float>().Should().Be(0);
        var loss = sound.SaveWav(_files.At("b.wav"), format: WavFormat.Pcm16);
        loss.Clipped.Should().Be((sound.Values.abs() > 1).sum().item<long>());
        loss.Warning.Should().Match("* of 400 values lay beyond the range of 16-bit samples and were clipped; it has 16-bit samples and its source has 32-bit floating point ones.");
    }

    [Theory]
    [InlineData(WavFormat.Pcm8)]
    [InlineData(WavFormat.Pcm24)]
    [InlineData(WavFormat.Pcm32)]
    [InlineData(WavFormat.FloatingPoint64)]
    public void SaveWav_EveryDepth_IsThatOfTheSource(WavFormat format)
    {
        using var sound = Signal.FromGrid([0.5f, -0.25f], [2], 1);
        sound.SaveWav(_files.At("a.wav"), 22_050, format);
        using var loaded = AudioSignal.Load(_files.At("a.wav"));

        loaded.SaveWav(_files.At("b.wav"));

        File.ReadAllBytes(_files.At("b.wav")).Should().Equal(File.ReadAllBytes(_files.At("a.wav")));
    }

    [Fact]
    public void SaveWav_UnknownRate_AsksForIt()
    {
        using var sound = Signal.FromGrid([0.5f, -0.25f], [2], 1);

        new Action(() => sound.SaveWav(_files.At("a.wav"))).Should().Throw<ArgumentException>().WithMessage("*no sample rate*").WithParameterName("sampleRate");
    }

    [Fact]
    public void Save_UnderTheNameOfAnotherFormat_IsRefused()
    {
        using var image = Signal.FromGrid(new float[4], [2, 2], 1);
        using var sound = Signal.FromGrid(new float[4], [4], 1);
        string photo = _files.Write("a.jpg", [1, 2, 3]);

        new Action(() => image.SavePng(photo)).Should().Throw<ArgumentException>().WithMessage("*a.jpg*'.jpg'*PNG*.png*a.png*");
        new Action(() => sound.SaveWav(_files.At("a.mp3"), 8000)).Should().Throw<ArgumentException>().WithMessage("*'.mp3'*WAV*.wav*");
        image.SavePng(_files.At("A.PNG"));
        image.SavePng(_files.At("no-ending"));

        File.ReadAllBytes(photo).Should().Equal(1, 2, 3);
    }
}
