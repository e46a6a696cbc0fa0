using System.Buffers.Binary;

namespace Inr;

/// <summary>Finds the samples in a WAV file (RIFF, little endian), every length checked before it is used.</summary>
/// <param name="Format">How a sample is stored.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Start">The first byte of the samples in the file.</param>
/// <param name="Length">Their bytes, whole frames only.</param>
internal readonly record struct WavReader(WavFormat Format, int Channels, int SampleRate, int Start, int Length)
{
    private const int TagPcm = 1;
    private const int TagFloat = 3;
    private const int TagExtensible = 0xFFFE;
    private const int MaxChannels = 256;
    private const int MaxSamples = 1 << 28;

    /// <summary>Reads the header.</summary>
    /// <exception cref="SignalLoadException">The file is no WAV file, truncated, damaged, or of an encoding that is not read.</exception>
    public static WavReader Parse(ReadOnlySpan<byte> file, string source)
    {
        if (file.Length < 4 || !file[..4].SequenceEqual("RIFF"u8))
            throw new SignalLoadException(source, "it is no WAV file; convert it first.");
        if (file.Length < 12)
            throw Truncated(source);
        if (!file.Slice(8, 4).SequenceEqual("WAVE"u8))
            throw new SignalLoadException(source, "it is a RIFF file but no WAV file; convert it first.");

        WavReader? header = null;
        long at = 12;
        while (at + 8 <= file.Length)
        {
            var name = file.Slice((int)at, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[((int)at + 4)..]);
            at += 8;
            if (length > file.Length - at)
                throw Truncated(source);
            if (name.SequenceEqual("fmt "u8))
                header = ParseFormat(file.Slice((int)at, (int)length), source);
            else if (name.SequenceEqual("data"u8))
                return WithData(header, (int)at, (int)length, source);
            // Chunks are padded to an even length.
            at += length + (length & 1);
        }

        throw Truncated(source);
    }

    private static WavReader ParseFormat(ReadOnlySpan<byte> chunk, string source)
    {
        if (chunk.Length < 16)
            throw new SignalLoadException(source, $"its format chunk has {chunk.Length} bytes instead of at least 16; the file is damaged.");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int frame = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        // The extensible form holds the tag in the first two bytes of an identifier.
        if (tag == TagExtensible && chunk.Length >= 26)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);

        WavFormat format = (tag, bits) switch
        {
            (TagPcm, 8) => WavFormat.Pcm8,
            (TagPcm, 16) => WavFormat.Pcm16,
            (TagPcm, 24) => WavFormat.Pcm24,
            (TagPcm, 32) => WavFormat.Pcm32,
            (TagFloat, 32) => WavFormat.FloatingPoint32,
            (TagFloat, 64) => WavFormat.FloatingPoint64,
            _ => throw new SignalLoadException(source, $"its encoding (tag {tag}, {bits} bits) is not read; convert it to PCM of 8, 16, 24 or 32 bits or to floating point."),
        };
        if (channels is < 1 or > MaxChannels || rate is 0 or > int.MaxValue || frame != channels * WavSamples.Bytes(format))
            throw new SignalLoadException(source, $"its header ({channels} channels, {rate} Hz, {frame} bytes per frame of {bits} bits) contradicts itself; the file is damaged.");
        return new WavReader(format, channels, (int)rate, 0, 0);
    }

    private static WavReader WithData(WavReader? header, int start, int length, string source)
    {
        if (header is not { } format)
            throw new SignalLoadException(source, "its samples come before their format; the file is damaged.");
        int frame = format.Channels * WavSamples.Bytes(format.Format);
        if (length == 0)
            throw new SignalLoadException(source, "the WAV file holds no sample.");
        if (length / WavSamples.Bytes(format.Format) > MaxSamples)
            throw new SignalLoadException(source, $"it holds {length / WavSamples.Bytes(format.Format)} samples; the limit is {MaxSamples}. Cut it into pieces.");
        if (length % frame != 0)
            throw new SignalLoadException(source, $"its {length} bytes of samples are no whole frames of {frame} bytes; the file is damaged.");
        return format with { Start = start, Length = length };
    }

    private static SignalLoadException Truncated(string source) =>
        new(source, "the WAV data end too early; the file is truncated. Copy or download it again.");
}
