using Inr.Evaluation;
using Inr.Files;

namespace Inr.Cli.Output;

/// <summary>Writes rendered signals as pictures and sounds, as fine as their source was stored, and says what was lost.</summary>
internal static class SignalOutput
{
    /// <summary>The ending of pictures.</summary>
    public const string Picture = ".png";

    /// <summary>The ending of sounds.</summary>
    public const string Sound = ".wav";

    /// <summary>Writes a signal: one axis is a sound, two are a picture.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="path">The file.</param>
    /// <param name="terminal">Told what was lost.</param>
    /// <param name="sampleRate">Moments per second of a sound; its own by default.</param>
    /// <param name="cancellation">Ends the writing; a file that exists stays as it was.</param>
    public static void Save(Signal signal, string path, Terminal terminal, int? sampleRate = null, CancellationToken cancellation = default)
    {
        SampleLoss? loss = null;
        AtomicFile.Write(path, file =>
        {
            using var stream = new CancellableStream(file, cancellation);
            loss = signal.InputDimension == 1 ? signal.SaveWav(stream, sampleRate) : signal.SavePng(stream);
        });
        if (loss!.Warning is { } warning)
            terminal.WriteLine($"warning: {path}: {warning}");
    }
}
