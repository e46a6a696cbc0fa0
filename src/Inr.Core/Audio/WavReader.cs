using System.Buffers.Binary;

namespace Inr;

/// <summary>Finds the samples in a WAV file (RIFF, or RF64 and BW64 for long ones; little endian), every length checked before it is used.</summary>
/// <remarks>
/// A program that writes to a pipe cannot come back to fill in how long the sound became, and leaves a length that no file
/// has. The samples then go to the end of the file.
/// </remarks>
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
    private const uint Unsaid = uint.MaxValue;

    /// <summary>Reads the header.</summary>
    /// <exception cref="SignalLoadException">The file is no WAV file, truncated, damaged, or of an encoding that is not read.</exception>
    public static WavReader Parse(ReadOnlySpan<byte> file, string source)
    {
        bool isLong = file.StartsWith("RF64"u8) || file.StartsWith("BW64"u8);
        if (!isLong && !file.StartsWith("RIFF"u8))
            throw new SignalLoadException(source, $"it is no WAV file{Name(file)}; convert it first.");
        if (file.Length < 12)
            throw Truncated(source);
        if (!file.Slice(8, 4).SequenceEqual("WAVE"u8))
            throw new SignalLoadException(source, "it is a RIFF file but no WAV file; convert it first.");

        WavReader? header = null;
        ulong? longLength = null;
        long at = 12;
        while (at + 8 <= file.Length)
        {
            var name = file.Slice((int)at, 4);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[((int)at + 4)..]);
            at += 8;
            if (name.SequenceEqual("data"u8))
            {
                uint whole = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
                ulong said = isLong && length == Unsaid ? longLength ?? Unsaid : length;
                return WithData(header, (int)at, SaidLength(said, whole, at, file.Length), file.Length - (int)at, source);
            }

            if (length > file.Length - at)
                throw Truncated(source);
            var chunk = file.Slice((int)at, (int)length);
            if (name.SequenceEqual("fmt "u8))
                header = ParseFormat(chunk, source);
            else if (isLong && name.SequenceEqual("ds64"u8))
                longLength = chunk.Length < 24 ? throw new SignalLoadException(source, $"its chunk of long sizes has {chunk.Length} bytes instead of at least 24; the file is damaged.") : BinaryPrimitives.ReadUInt64LittleEndian(chunk[8..]);
            // Chunks are padded to an even length.
            at += length + (length & 1);
        }

        throw Truncated(source);
    }

    // The length of the samples; null where the writer did not know it.
    private static long? SaidLength(ulong said, uint whole, long at, long fileLength)
    {
        // FFmpeg and mpg123 leave all bits set, some less by the length of the header; SoX and arecord about 2^31.
        bool isPlaceholder = said is (>= 0x7FFF_F000 and <= 0x8000_0FFF) or (>= 0xFFFF_F000 and <= Unsaid) or > long.MaxValue;
        // Others leave 0, also in the length of the file, or one that ends where the samples begin.
        bool isUnfilled = said == 0 && fileLength > at && (whole is 0 or Unsaid || whole + 8L == at);
        return isPlaceholder || isUnfilled ? null : (long)said;
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

        // Whole numbers of other lengths, such as 12 or 20 bits, fill the upper bits of the next number of whole bytes.
        WavFormat format = (tag, bits) switch
        {
            (TagPcm, >= 1 and <= 8) => WavFormat.Pcm8,
            (TagPcm, > 8 and <= 16) => WavFormat.Pcm16,
            (TagPcm, > 16 and <= 24) => WavFormat.Pcm24,
            (TagPcm, > 24 and <= 32) => WavFormat.Pcm32,
            (TagFloat, 32) => WavFormat.FloatingPoint32,
            (TagFloat, 64) => WavFormat.FloatingPoint64,
            _ => throw new SignalLoadException(source, $"its encoding ({NameOf(tag)}, {bits} bits) is not read; convert it to PCM of up to 32 bits or to floating point of 32 or 64."),
        };
        if (channels is < 1 or > MaxChannels || rate is 0 or > int.MaxValue || frame != channels * WavSamples.Bytes(format))
            throw new SignalLoadException(source, $"its header ({channels} channels, {rate} Hz, {frame} bytes per frame of {bits} bits) contradicts itself; the file is damaged.");
        return new WavReader(format, channels, (int)rate, 0, 0);
    }

    private static WavReader WithData(WavReader? header, int start, long? said, int rest, string source)
    {
        if (header is not { } format)
            throw new SignalLoadException(source, "its samples come before their format; the file is damaged.");
        int frame = format.Channels * WavSamples.Bytes(format.Format);
        // A pipe that was cut may end within a frame.
        long length = said ?? rest - rest % frame;
        if (length > rest)
            throw Truncated(source);
        if (length == 0)
            throw new SignalLoadException(source, "the WAV file holds no sample.");
        if (length / WavSamples.Bytes(format.Format) > MaxSamples)
            throw new SignalLoadException(source, $"it holds {length / WavSamples.Bytes(format.Format)} samples; the limit is {MaxSamples}. Cut it into pieces.");
        if (length % frame != 0)
            throw new SignalLoadException(source, $"its {length} bytes of samples are no whole frames of {frame} bytes; the file is damaged.");
        return format with { Start = start, Length = (int)length };
    }

    private static string NameOf(int tag) => tag switch
    {
        2 or 17 => $"ADPCM, tag {tag}",
        6 => "A-law, tag 6",
        7 => "µ-law, tag 7",
        85 => "MP3, tag 85",
        _ => $"tag {tag}",
    };

    // Kinds of sound that people try.
    private static string Name(ReadOnlySpan<byte> file) =>
        file.StartsWith("RIFX"u8) ? " of the little-endian kind but RIFX"
        : file.StartsWith("riff"u8) ? " but Wave64"
        : file.StartsWith("FORM"u8) ? " but AIFF"
        : file.StartsWith("fLaC"u8) ? " but FLAC"
        : file.StartsWith("OggS"u8) ? " but Ogg"
        : file.StartsWith("ID3"u8) ? " but MP3"
        : "";

    private static SignalLoadException Truncated(string source) =>
        new(source, "the WAV data end too early; the file is truncated. Copy or download it again.");
}
