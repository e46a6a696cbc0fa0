using System.Buffers.Binary;
using Inr.Files;

namespace Inr;

/// <summary>Sound as signals: WAV files in and out.</summary>
/// <remarks>
/// The signal of a sound has the domain grid(n) over its n moments and one channel per audio channel, float32. Integer
/// samples are scaled to [−1,1); floating-point samples are kept as they are, also beyond ±1. <see cref="Signal.Format"/> keeps
/// the sample rate and how the file stores a sample, and a sound is written that way unless something else is said.
/// </remarks>
public static class AudioSignal
{
    /// <summary>Reads a WAV file: PCM of up to 32 bits, or floating point of 32 or 64.</summary>
    /// <remarks>RF64 and BW64, the long forms, are read as well, and what a program wrote to a pipe, whose header does not say how long it is.</remarks>
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
        return Load(path, Path.GetFileName(path), out sampleRate);
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

    /// <summary>Reads a WAV file and its sample rate from memory.</summary>
    /// <param name="data">The bytes of the file.</param>
    /// <param name="sampleRate">Moments per second.</param>
    /// <param name="name">The name of the signal.</param>
    /// <exception cref="SignalLoadException">The data are empty, truncated, damaged, no WAV file, or hold NaN or infinity.</exception>
    public static Signal Decode(ReadOnlySpan<byte> data, out int sampleRate, string name = "sound") => Decode(data, name, name, out sampleRate);

    /// <summary>Makes a signal of 16-bit samples, as sound cards and decoders hand them out.</summary>
    /// <param name="samples">Moments·channels samples, those of a moment beside one another; divided by 32,768.</param>
    /// <param name="channels">Audio channels, at least 1.</param>
    /// <param name="name">The name of the signal.</param>
    /// <exception cref="ArgumentException">There is no sample, or their number is no multiple of the channels.</exception>
    public static Signal FromSamples(ReadOnlySpan<short> samples, int channels = 1, string name = "")
    {
        TorchRuntime.EnsureLoaded();
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (samples.IsEmpty || samples.Length % channels != 0)
            throw new ArgumentException($"Sound of {channels} channels needs a positive multiple of {channels} samples, not {samples.Length}.", nameof(samples));
        using var scope = NewDisposeScope();
        var values = empty([samples.Length / channels, channels], float32);
        var target = TensorSpan.Of<float>(values);
        for (int i = 0; i < samples.Length; i++)
            target[i] = samples[i] / 32768f;
        return Signal.OnGrid(values, SignalDomain.Grid(samples.Length / channels), name, new SampleFormat(16));
    }

    /// <summary>Reads a WAV file as a signal of another name.</summary>
    internal static Signal Load(string path, string name, out int sampleRate)
    {
        using var stream = SignalInput.Open(path);
        return Decode(SignalInput.ReadAll(stream, path), path, name, out sampleRate);
    }

    /// <summary>Writes the samples of a sound, clamped and rounded to 16 bits, to memory of the caller.</summary>
    /// <param name="sound">A signal on a grid of one axis.</param>
    /// <param name="samples">Room for exactly moments·channels samples.</param>
    /// <exception cref="ArgumentException">The signal is no sound, or the room is another.</exception>
    public static void ToSamples16(this Signal sound, Span<short> samples)
    {
        ArgumentNullException.ThrowIfNull(sound);
        RequireSound(sound);
        if (samples.Length != sound.Values.numel())
            throw new ArgumentException($"The sound ({sound}) has {sound.Values.numel()} samples, but there is room for {samples.Length}.", nameof(samples));
        using var scope = NewDisposeScope();
        var values = TensorSpan.Of<float>(sound.Values.detach().to(CPU).to(float32).contiguous());
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (short)Math.Clamp(Math.Round(values[i] * 32768.0), short.MinValue, short.MaxValue);
    }

    /// <summary>Writes a sound as a WAV file; a file of that name is replaced only when the new one is complete.</summary>
    /// <param name="sound">A signal on a grid of one axis.</param>
    /// <param name="path">The file to write, which ends in .wav; its folder must exist.</param>
    /// <param name="sampleRate">Moments per second; those of <see cref="Signal.Format"/> by default.</param>
    /// <param name="format">How samples are stored; as <see cref="Signal.Format"/> says by default, in 16 bits where it says nothing.</param>
    /// <returns>What the samples lost: whole numbers are rounded, and clipped to their range.</returns>
    /// <exception cref="ArgumentException">The signal is no such sound, is too long for a WAV file, its rate is unknown and not given, or the path ends otherwise.</exception>
    /// <exception cref="InrFileException">The file cannot be written; nothing was replaced.</exception>
    public static SampleLoss SaveWav(this Signal sound, string path, int? sampleRate = null, WavFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var (rate, stored) = RequireWav(sound, sampleRate, format);
        MediaPath.RequireExtension(path, "WAV", ".wav");
        SampleLoss? loss = null;
        AtomicFile.Write(path, stream => loss = Write(stream, sound, rate, stored));
        return loss!;
    }

    /// <summary>Writes a sound to a stream, as a WAV file has it.</summary>
    /// <param name="sound">A signal on a grid of one axis.</param>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="sampleRate">Moments per second; those of <see cref="Signal.Format"/> by default.</param>
    /// <param name="format">How samples are stored; as <see cref="Signal.Format"/> says by default, in 16 bits where it says nothing.</param>
    /// <returns>What the samples lost: whole numbers are rounded, and clipped to their range.</returns>
    /// <exception cref="ArgumentException">The signal is no such sound, is too long for a WAV file, or its rate is unknown and not given.</exception>
    public static SampleLoss SaveWav(this Signal sound, Stream stream, int? sampleRate = null, WavFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (rate, stored) = RequireWav(sound, sampleRate, format);
        return Write(stream, sound, rate, stored);
    }

    private static Signal Decode(ReadOnlySpan<byte> file, string source, string name, out int sampleRate)
    {
        TorchRuntime.EnsureLoaded();
        if (file.IsEmpty)
            throw new SignalLoadException(source, "the file is empty.");
        var wav = WavReader.Parse(file, source);
        int bytes = WavSamples.Bytes(wav.Format);
        int count = wav.Length / bytes;
        using var scope = NewDisposeScope();
        var tensor = empty([count / wav.Channels, wav.Channels], float32);
        var values = TensorSpan.Of<float>(tensor);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)WavSamples.Read(file.Slice(wav.Start + i * bytes, bytes), wav.Format);
            if (!float.IsFinite(values[i]))
                throw new SignalLoadException(source, $"sample {i / wav.Channels} is {values[i]}; only finite numbers can be learned.");
        }

        sampleRate = wav.SampleRate;
        return Signal.OnGrid(tensor, SignalDomain.Grid(count / wav.Channels), name, WavSamples.Describe(wav.Format, sampleRate));
    }

    private static (int Rate, WavFormat Format) RequireWav(Signal sound, int? sampleRate, WavFormat? format)
    {
        ArgumentNullException.ThrowIfNull(sound);
        if (sampleRate is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(sampleRate));
        int rate = sampleRate ?? sound.Format?.SampleRate ?? 0;
        var stored = format ?? WavSamples.Like(sound.Format);
        if (!Enum.IsDefined(stored))
            throw new ArgumentOutOfRangeException(nameof(format), stored, $"The format is one of {string.Join(", ", Enum.GetNames<WavFormat>())}.");
        RequireSound(sound);
        if (rate == 0)
            throw new ArgumentException($"The signal ({sound}) knows no sample rate: say how many moments a second has.", nameof(sampleRate));
        if (DataBytes(sound, stored) > SignalInput.MaxBytes || sound.Channels > ushort.MaxValue / WavSamples.Bytes(stored))
            throw new ArgumentException($"The signal ({sound}) is too large for a WAV file of {stored}.", nameof(sound));
        return (rate, stored);
    }

    private static void RequireSound(Signal sound)
    {
        if (sound.Domain.GridShape.Count != 1)
            throw new ArgumentException($"A sound is a signal on a grid of one axis; this one is {sound}.", nameof(sound));
    }

    private static long DataBytes(Signal sound, WavFormat format) => sound.Values.numel() * WavSamples.Bytes(format);

    private static SampleLoss Write(Stream stream, Signal sound, int sampleRate, WavFormat format)
    {
        const int PieceMoments = 1 << 16;
        int bytes = WavSamples.Bytes(format);
        int frame = bytes * sound.Channels;
        int dataBytes = (int)DataBytes(sound, format);
        // Chunks are padded to an even length.
        int padding = dataBytes & 1;
        Span<byte> header = stackalloc byte[44];
        header.Clear();
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], header.Length + dataBytes + padding - 8);
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
        stream.Write(header);

        long clipped = 0;
        for (long start = 0; start < sound.SampleCount; start += PieceMoments)
        {
            using var scope = NewDisposeScope();
            var piece = sound.Values.detach().narrow(0, start, Math.Min(PieceMoments, sound.SampleCount - start)).to(CPU).to(float64).contiguous();
            var values = TensorSpan.Of<double>(piece);
            var data = new byte[values.Length * bytes];
            for (int i = 0; i < values.Length; i++)
                clipped += WavSamples.Write(data.AsSpan(i * bytes, bytes), format, values[i]) ? 1 : 0;
            stream.Write(data);
        }

        if (padding > 0)
            stream.WriteByte(0);
        return new SampleLoss(sound.Values.numel(), clipped, WavSamples.Describe(format, sampleRate), sound.Format);
    }
}
