using System.Buffers.Binary;
using Inr.Files;

namespace Inr;

/// <summary>Sound as signals: WAV files in and out.</summary>
/// <remarks>
/// The signal of a sound has the domain grid(n) over its n moments and one channel per audio channel, float32. Integer
/// samples are scaled to [−1,1); floating-point samples are kept as they are, also beyond ±1. A signal knows no sample
/// rate: ask <c>Load</c> for it where you need it.
/// </remarks>
public static class AudioSignal
{
    /// <summary>Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64.</summary>
    /// <param name="path">The file; its name becomes the name of the signal.</param>
    /// <exception cref="SignalLoadException">The file is missing, empty, truncated, damaged, no WAV file, or holds NaN or infinity.</exception>
    public static Signal Load(string path) => Load(path, out _);

    /// <summary>Reads a WAV file and its sample rate.</summary>
    /// <param name="path">The file; its name becomes the name of the signal.</param>
    /// <param name="sampleRate">Moments per second.</param>
    /// <exception cref="SignalLoadException">The file is missing, empty, truncated, damaged, no WAV file, or holds NaN or infinity.</exception>
    public static Signal Load(string path, out int sampleRate)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var stream = SignalInput.Open(path);
        return Decode(SignalInput.ReadAll(stream, path), path, Path.GetFileName(path), out sampleRate);
    }

    /// <summary>Reads a WAV file and its sample rate from a stream, from its current position to its end.</summary>
    /// <param name="stream">The stream; the caller keeps it.</param>
    /// <param name="sampleRate">Moments per second.</param>
    /// <param name="name">The name of the signal.</param>
    /// <exception cref="SignalLoadException">The data are empty, truncated, damaged, no WAV file, or hold NaN or infinity.</exception>
    public static Signal Decode(Stream stream, out int sampleRate, string name = "sound")
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Decode(SignalInput.ReadAll(stream, name), name, name, out sampleRate);
    }

    /// <summary>Writes a sound as a WAV file; a file of that name is replaced only when the new one is complete.</summary>
    /// <param name="sound">A signal on a grid of one axis.</param>
    /// <param name="path">The file to write; its folder must exist.</param>
    /// <param name="sampleRate">Moments per second.</param>
    /// <param name="format">How samples are stored; integers are clamped to their range and rounded.</param>
    /// <exception cref="ArgumentException">The signal is no such sound, or too long for a WAV file.</exception>
    /// <exception cref="InrFileException">The file cannot be written; nothing was replaced.</exception>
    public static void SaveWav(this Signal sound, string path, int sampleRate, WavFormat format = WavFormat.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(sound);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        if (!Enum.IsDefined(format))
            throw new ArgumentOutOfRangeException(nameof(format), format, $"The format is one of {string.Join(", ", Enum.GetNames<WavFormat>())}.");
        if (sound.Domain.GridShape.Count != 1)
            throw new ArgumentException($"A sound is a signal on a grid of one axis; this one is {sound}.", nameof(sound));
        long bytes = sound.Values.numel() * WavSamples.Bytes(format);
        if (bytes > SignalInput.MaxBytes || sound.Channels > ushort.MaxValue / WavSamples.Bytes(format))
            throw new ArgumentException($"The signal ({sound}) is too large for a WAV file of {format}.", nameof(sound));

        AtomicFile.Write(path, stream => Write(stream, sound, sampleRate, format, (int)bytes));
    }

    private static Signal Decode(byte[] file, string source, string name, out int sampleRate)
    {
        var wav = WavReader.Parse(file, source);
        int bytes = WavSamples.Bytes(wav.Format);
        var values = new float[wav.Length / bytes];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)WavSamples.Read(file.AsSpan(wav.Start + i * bytes, bytes), wav.Format);
            if (!float.IsFinite(values[i]))
                throw new SignalLoadException(source, $"sample {i / wav.Channels} is {values[i]}; only finite numbers can be learned.");
        }

        sampleRate = wav.SampleRate;
        return Signal.FromGrid(values, [values.Length / wav.Channels], wav.Channels, name);
    }

    private static void Write(Stream stream, Signal sound, int sampleRate, WavFormat format, int dataBytes)
    {
        int bytes = WavSamples.Bytes(format);
        int frame = bytes * sound.Channels;
        // Chunks are padded to an even length.
        int padding = dataBytes & 1;
        var file = new byte[44 + dataBytes + padding];
        var header = file.AsSpan(0, 44);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], (short)(WavSamples.IsFloat(format) ? 3 : 1));
        BinaryPrimitives.WriteUInt16LittleEndian(header[22..], (ushort)sound.Channels);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], (uint)Math.Min((long)sampleRate * frame, uint.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(header[32..], (ushort)frame);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], (short)(8 * bytes));
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], dataBytes);

        using var scope = NewDisposeScope();
        var values = sound.Values.detach().to(CPU).to(float64).contiguous().data<double>();
        int at = 44;
        foreach (double value in values)
        {
            WavSamples.Write(file.AsSpan(at, bytes), format, value);
            at += bytes;
        }

        stream.Write(file);
    }
}
