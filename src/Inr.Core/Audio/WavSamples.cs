using System.Buffers.Binary;

namespace Inr;

/// <summary>One sample of a WAV file to and from a number whose full scale is 1.</summary>
internal static class WavSamples
{
    /// <summary>Bytes per sample.</summary>
    public static int Bytes(WavFormat format) => format switch
    {
        WavFormat.Pcm8 => 1,
        WavFormat.Pcm16 => 2,
        WavFormat.Pcm24 => 3,
        WavFormat.Pcm32 or WavFormat.FloatingPoint32 => 4,
        _ => 8,
    };

    /// <summary>Whether samples are floating point.</summary>
    public static bool IsFloat(WavFormat format) => format is WavFormat.FloatingPoint32 or WavFormat.FloatingPoint64;

    /// <summary>Reads a sample; integers of b bits are divided by 2^(b−1).</summary>
    public static double Read(ReadOnlySpan<byte> data, WavFormat format) => format switch
    {
        WavFormat.Pcm8 => (data[0] - 128) / 128.0,
        WavFormat.Pcm16 => BinaryPrimitives.ReadInt16LittleEndian(data) / 32768.0,
        WavFormat.Pcm24 => (data[0] | data[1] << 8 | (sbyte)data[2] << 16) / 8388608.0,
        WavFormat.Pcm32 => BinaryPrimitives.ReadInt32LittleEndian(data) / 2147483648.0,
        WavFormat.FloatingPoint32 => BinaryPrimitives.ReadSingleLittleEndian(data),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(data),
    };

    /// <summary>The format of a signal whose file has this one.</summary>
    public static SampleFormat Describe(WavFormat format, int sampleRate) => new(8 * Bytes(format), IsFloat(format), sampleRate);

    /// <summary>The format that holds samples of another file as fine as that does; 16 bits where nothing is known of it.</summary>
    public static WavFormat Like(SampleFormat? source) => source switch
    {
        null or { Bits: 16 } => WavFormat.Pcm16,
        { IsFloatingPoint: true, Bits: 64 } => WavFormat.FloatingPoint64,
        { IsFloatingPoint: true } => WavFormat.FloatingPoint32,
        { Bits: 8 } => WavFormat.Pcm8,
        { Bits: 24 } => WavFormat.Pcm24,
        _ => WavFormat.Pcm32,
    };

    /// <summary>Writes a sample; integers are rounded and clipped to their range.</summary>
    /// <returns>Whether it was clipped.</returns>
    public static bool Write(Span<byte> data, WavFormat format, double value)
    {
        bool clipped = false;
        int Integer(double scale)
        {
            double rounded = Math.Round(value * scale);
            clipped = rounded < -scale || rounded > scale - 1;
            return (int)Math.Clamp(rounded, -scale, scale - 1);
        }

        switch (format)
        {
            case WavFormat.Pcm8:
                data[0] = (byte)(Integer(128) + 128);
                break;
            case WavFormat.Pcm16:
                BinaryPrimitives.WriteInt16LittleEndian(data, (short)Integer(32768));
                break;
            case WavFormat.Pcm24:
                int sample = Integer(8388608);
                (data[0], data[1], data[2]) = ((byte)sample, (byte)(sample >> 8), (byte)(sample >> 16));
                break;
            case WavFormat.Pcm32:
                BinaryPrimitives.WriteInt32LittleEndian(data, Integer(2147483648));
                break;
            case WavFormat.FloatingPoint32:
                BinaryPrimitives.WriteSingleLittleEndian(data, (float)value);
                break;
            default:
                BinaryPrimitives.WriteDoubleLittleEndian(data, value);
                break;
        }

        return clipped;
    }
}
