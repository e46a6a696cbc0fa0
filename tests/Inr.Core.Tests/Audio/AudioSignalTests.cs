namespace Inr.Tests;

public sealed class AudioSignalTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    public static TheoryData<int, int, byte[], float[]> Encodings() => new()
    {
        { 1, 8, [0, 128, 255], [-1, 0, 127 / 128f] },
        { 1, 16, [0x00, 0x80, 0xFF, 0xFF, 0xFF, 0x7F], [-1, -1 / 32768f, 32767 / 32768f] },
        { 1, 12, [0x00, 0x80, 0xF0, 0xFF], [-1, -1 / 2048f] },
        { 1, 20, [0x00, 0x00, 0x80, 0x00, 0x00, 0x40, 0xF0, 0xFF, 0xFF], [-1, 0.5f, -1 / 524288f] },
        { 1, 24, [0x00, 0x00, 0x80, 0x00, 0x00, 0x40, 0xFF, 0xFF, 0xFF], [-1, 0.5f, -1 / 8388608f] },
        { 1, 32, [0, 0, 0, 0x80, 0, 0, 0, 0xE0, 0, 0, 0, 0x40], [-1, -0.25f, 0.5f] },
        { 3, 32, [.. BitConverter.GetBytes(-0.7f), .. BitConverter.GetBytes(1.5f)], [-0.7f, 1.5f] },
        { 3, 64, [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(-2.0)], [0.1f, -2] },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Decode_EveryEncoding_IsScaledToFullScale(int tag, int bits, byte[] data, float[] expected)
    {
        var wav = new WavBuilder { Tag = tag, Bits = bits, Data = data }.Build();

        using var sound = AudioSignal.Decode(new MemoryStream(wav), out int rate, "tone");

        rate.Should().Be(8000);
        sound.Format.Should().Be(new SampleFormat((bits + 7) / 8 * 8, tag == 3, 8000));
        sound.Name.Should().Be("tone");
        sound.Domain.Should().Be(SignalDomain.Grid(expected.Length));
        sound.Values.data<float>().ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Decode_Stereo_HasOneChannelPerSide()
    {
        var wav = new WavBuilder { Channels = 2, Data = [0, 0x40, 0, 0xC0, 0, 0x20, 0, 0xE0] }.Build();

        using var sound = AudioSignal.Decode(new MemoryStream(wav), out _);

        sound.Values.shape.Should().Equal(2, 2);
        sound.Values.data<float>().ToArray().Should().Equal(0.5f, -0.5f, 0.25f, -0.25f);
    }

    [Fact]
    public void Decode_ExtensibleFormatAndOddChunks_AreUnderstood()
    {
        // 22 further bytes: valid bits, speakers, and an identifier that starts with the tag.
        byte[] extension = [22, 0, 16, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        var wav = new WavBuilder { Tag = 0xFFFE, Extension = extension, Extra = [("LIST", [1, 2, 3])], Data = [0, 0x40] }.Build();

        using var sound = AudioSignal.Decode(new MemoryStream(wav), out _);

        sound.Values.data<float>().ToArray().Should().Equal(0.5f);
    }

    [Theory]
    [InlineData(WavFormat.Pcm8, 1 / 256.0)]
    [InlineData(WavFormat.Pcm16, 1 / 65536.0)]
    [InlineData(WavFormat.Pcm24, 1 / 16777216.0)]
    [InlineData(WavFormat.Pcm32, 1e-9)]
    [InlineData(WavFormat.FloatingPoint32, 0)]
    [InlineData(WavFormat.FloatingPoint64, 0)]
    public void SaveWav_EveryFormat_RoundTripsToHalfAStep(WavFormat format, double tolerance)
    {
        // An odd number of bytes for 8 and 24 bits, so that the data are padded.
        var values = Enumerable.Range(0, 15).Select(i => MathF.Sin(i) * 0.98f).ToArray();
        using var sound = Signal.FromGrid(values, [5], 3);

        sound.SaveWav(_files.At("a.wav"), 44_100, format);

        using var loaded = AudioSignal.Load(_files.At("a.wav"), out int rate);
        rate.Should().Be(44_100);
        loaded.Domain.Should().Be(sound.Domain);
        loaded.Name.Should().Be("a.wav");
        loaded.Values.data<float>().ToArray().Zip(values, (a, b) => Math.Abs((double)a - b)).Max().Should().BeLessThanOrEqualTo(tolerance * 1.001);
        (new FileInfo(_files.At("a.wav")).Length % 2).Should().Be(0);
    }

    [Fact]
    public void SaveWav_Pcm16_WritesTheBytesOfTheFormat()
    {
        using var sound = Signal.FromGrid([0.5f, -1f, 7f], [3], 1);

        sound.SaveWav(_files.At("a.wav"), 8000);

        // Beyond full scale is clamped to 32767.
        File.ReadAllBytes(_files.At("a.wav")).Should().Equal(new WavBuilder { Data = [0, 0x40, 0, 0x80, 0xFF, 0x7F] }.Build());
    }

    [Fact]
    public void SaveWav_Stream_HoldsTheBytesOfTheFile()
    {
        // Longer than what is converted at a time, and an odd number of bytes.
        using var sound = Signal.FromGrid(Enumerable.Range(0, 140_001).Select(i => MathF.Sin(i)).ToArray(), [140_001], 1);
        using var stream = new MemoryStream();

        sound.SaveWav(stream, 8000, WavFormat.Pcm24);

        sound.SaveWav(_files.At("a.wav"), 8000, WavFormat.Pcm24);
        stream.ToArray().Should().Equal(File.ReadAllBytes(_files.At("a.wav")));
        using var loaded = AudioSignal.Decode(stream.ToArray(), out int rate);
        rate.Should().Be(8000);
        (loaded.Values - sound.Values).abs().max().item<float>().Should().BeLessThan(1.2e-7f);
    }

    [Fact]
    public void Samples_InAndOut_AreExact()
    {
        short[] samples = [.. Enumerable.Range(short.MinValue, 65536).Select(i => (short)i)];
        var back = new short[samples.Length];

        using var sound = AudioSignal.FromSamples(samples, 2, "all");
        sound.ToSamples16(back);

        back.Should().Equal(samples);
        (sound.Channels, sound.SampleCount, sound.Name).Should().Be((2, 32768, "all"));
        sound.Values[0, 1].item<float>().Should().Be(-32767 / 32768f);
        new Action(() => AudioSignal.FromSamples(new short[3], 2)).Should().Throw<ArgumentException>().WithMessage("*multiple of 2*3*");
        new Action(() => sound.ToSamples16(new short[3])).Should().Throw<ArgumentException>().WithMessage("*room for 3*");
        using var loud = Signal.FromGrid([2f, -2f], [2], 1);
        loud.ToSamples16(back.AsSpan(0, 2));
        back[..2].Should().Equal(short.MaxValue, short.MinValue);
    }

    [Fact]
    public void SaveWav_NoSoundOrBadRate_ThrowsAndKeepsExistingFile()
    {
        string path = _files.Write("a.wav", [1, 2, 3]);
        using var image = Signal.FromGrid(new float[4], [2, 2], 1);
        using var sound = Signal.FromGrid(new float[4], [4], 1);

        new Action(() => image.SaveWav(path, 8000)).Should().Throw<ArgumentException>().WithMessage("*one axis*2×2*");
        new Action(() => sound.SaveWav(path, 0)).Should().Throw<ArgumentOutOfRangeException>();
        new Action(() => sound.SaveWav(path, 8000, (WavFormat)77)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Pcm8*");
        new Action(() => sound.SaveWav(_files.At("none/a.wav"), 8000)).Should().Throw<InrFileException>().WithMessage("*does not exist*");
        File.ReadAllBytes(path).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void Load_MissingEmptyOrOtherFile_SaysSo()
    {
        new Action(() => AudioSignal.Load(_files.At("none.wav"))).Should().Throw<SignalLoadException>().WithMessage("*none.wav*no such file*");
        new Action(() => AudioSignal.Load(_files.Write("a.wav", []))).Should().Throw<SignalLoadException>().WithMessage("*empty*");
        new Action(() => AudioSignal.Load(TestFiles.Fixture("images/coffee-48x40.png"))).Should().Throw<SignalLoadException>().WithMessage("*no WAV file*");
    }

    [Fact]
    public void Decode_TruncatedAnywhere_Throws()
    {
        var whole = new WavBuilder { Extra = [("LIST", [1, 2, 3])] }.Build();

        for (int length = 0; length < whole.Length; length++)
            Refused(whole[..length], "*");
    }

    [Fact]
    public void Decode_LyingHeaders_Throws()
    {
        Refused(new WavBuilder { DataLength = 6 }.Build(), "*truncated*");
        Refused(new WavBuilder { DataLength = 0x7000_0000 }.Build(), "*truncated*");
        Refused(new WavBuilder { Tag = 1, Bits = 12, FrameBytes = 3 }.Build(), "*3 bytes per frame of 12 bits*");
        Refused(new WavBuilder { Bits = 40 }.Build(), "*40 bits*");
        Refused(new WavBuilder { Data = [] }.Build(), "*no sample*");
        Refused(new WavBuilder { Data = [1, 2, 3] }.Build(), "*whole frames*");
        Refused(new WavBuilder { Channels = 0 }.Build(), "*0 channels*");
        Refused(new WavBuilder { Channels = 60_000, FrameBytes = 4 }.Build(), "*60000 channels*");
        Refused(new WavBuilder { SampleRate = 0 }.Build(), "*0 Hz*");
        Refused(new WavBuilder { FrameBytes = 3 }.Build(), "*3 bytes per frame*");
        Refused(new WavBuilder { Tag = 85 }.Build(), "*tag 85*convert*");
        Refused(new WavBuilder { Tag = 0xFFFE }.Build(), "*tag 65534*");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Decode_NumbersThatAreNotFinite_NamesTheSample(float value)
    {
        byte[] data = [.. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(value)];

        Refused(new WavBuilder { Tag = 3, Bits = 32, Data = data }.Build(), "*sample 1 is*finite*");
    }

    private static void Refused(byte[] data, string message) =>
        new Action(() => AudioSignal.Decode(new MemoryStream(data), out _, "hostile")).Should().Throw<SignalLoadException>().WithMessage("*'hostile'" + message);
}
