namespace Inr.Tests;

/// <summary>Sounds whose header does not say how long they are, or says it in 64 bits.</summary>
public sealed class WavLengthTests
{
    private static readonly byte[] Samples = [0, 0x40, 0, 0xC0, 0, 0x20];

    [Fact]
    public void Load_PipeOfFfmpeg_HasAllSamples()
    {
        using var sound = AudioSignal.Load(TestFiles.Fixture("sounds/ffmpeg-pipe.wav"), out int rate);

        (sound.SampleCount, sound.Channels, rate).Should().Be((400, 1, 8000));
        sound.Format.Should().Be(new SampleFormat(16, sampleRate: 8000));
    }

    [Theory]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(uint.MaxValue, uint.MaxValue - 36)]
    [InlineData(0x7FFF_F024u, 0x7FFF_F000u)]
    [InlineData(0x7FFF_FFFFu, 0x7FFF_FFDBu)]
    [InlineData(0x8000_0024u, 0x8000_0000u)]
    [InlineData(0u, 0u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(36u, 0u)]
    public void Decode_LengthsThatAPipeLeaves_ReadsToTheEnd(uint file, uint data)
    {
        var wav = new WavBuilder { FileLength = file, DataLength = data, Data = Samples }.Build();

        using var sound = AudioSignal.Decode(wav, out _);
        // A pipe that was cut within a sample.
        using var cut = AudioSignal.Decode(wav.AsSpan(0, wav.Length - 1), out _);

        sound.Values.data<float>().ToArray().Should().Equal(0.5f, -0.5f, 0.25f);
        cut.Values.data<float>().ToArray().Should().Equal(0.5f, -0.5f);
    }

    [Fact]
    public void Decode_EmptyDataBeforeAnotherChunk_HoldsNoSample()
    {
        byte[] wav = [.. new WavBuilder { Data = [], FileLength = 46 }.Build(), .. "LIST"u8, 2, 0, 0, 0, 1, 2];

        new Action(() => AudioSignal.Decode(wav, out _)).Should().Throw<SignalLoadException>().WithMessage("*no sample*");
    }

    [Theory]
    [InlineData("RF64", 6, 6)]
    [InlineData("BW64", 6, 6)]
    [InlineData("RF64", 4, 4)]
    [InlineData("RF64", 0, 6)]
    [InlineData("RF64", -1, 6)]
    public void Decode_LongForm_TakesTheLongLength(string magic, long said, int bytes)
    {
        using var sound = AudioSignal.Decode(Long(magic, said), out _);

        sound.Values.data<float>().ToArray().Should().Equal(new[] { 0.5f, -0.5f, 0.25f }[..(bytes / 2)]);
    }

    [Fact]
    public void Decode_LongFormThatLies_Throws()
    {
        new Action(() => AudioSignal.Decode(Long("RF64", 1L << 40), out _)).Should().Throw<SignalLoadException>().WithMessage("*truncated*");
        new Action(() => AudioSignal.Decode(new WavBuilder { Magic = "RF64", Extra = [("ds64", new byte[20])] }.Build(), out _)).Should().Throw<SignalLoadException>().WithMessage("*long sizes*20 bytes*");
    }

    [Theory]
    [InlineData("RIFX", "*RIFX*")]
    [InlineData("fLaC", "*FLAC*")]
    [InlineData("OggS", "*Ogg*")]
    [InlineData("ID3\u0003", "*MP3*")]
    [InlineData("FORM", "*AIFF*")]
    public void Decode_OtherKinds_AreNamed(string magic, string message) =>
        new Action(() => AudioSignal.Decode(new WavBuilder { Magic = magic }.Build(), out _)).Should().Throw<SignalLoadException>().WithMessage(message);

    private static byte[] Long(string magic, long said) => new WavBuilder
    {
        Magic = magic,
        FileLength = uint.MaxValue,
        Extra = [("ds64", [.. BitConverter.GetBytes(100L), .. BitConverter.GetBytes(said), .. BitConverter.GetBytes(3L), 0, 0, 0, 0])],
        DataLength = uint.MaxValue,
        Data = Samples,
    }.Build();
}
