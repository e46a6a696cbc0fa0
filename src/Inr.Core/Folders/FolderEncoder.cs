using System.Diagnostics;
using Inr.Files;

namespace Inr.Folders;

/// <summary>Fits every picture and sound of a folder and keeps an <c>.inr</c> file of each, in the same structure of subfolders.</summary>
/// <remarks>
/// <para>
/// <c>a/photo.png</c> becomes <c>a/photo.png.inr</c>. An output is there in full or not at all. <c>manifest/*.jsonl</c> in the
/// output folder has a line for each file that was made or failed. A run makes what is not there yet, what failed before, and what was
/// made of
/// another content or with other settings; so a run that was stopped, in whatever way, goes on. Several runs may work on one
/// output folder at the same time, on several machines too.
/// </para>
/// <para>
/// A file that cannot be read or fitted is a failure of its own. A full disk ends the run.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var encoder = new FolderEncoder(signal => InrBuilder.ForImages(signal.Channels).UseCompressedFourier(o => o with { Quality = 40,
/// Threads = 1 }).Build(), "quality 40");
/// var report = encoder.Run("photos", "coded", new FolderOptions { Recursive = true });
/// Console.WriteLine($"{report.Entries.Count} made, {report.Kept.Count} were there, {report.Failures.Count()} failed");
/// </code>
/// </example>
public sealed class FolderEncoder
{
    // A sample in work: what was measured of coded cosines, and more than perceptrons of some thousand samples a piece need.
    private const long BytesPerValue = 100;

    private readonly Func<Signal, ISignalFitter> _createFitter;
    private readonly string _settings;

    /// <summary>Creates an encoder.</summary>
    /// <param name="createFitter">
    /// Makes a fitter for a signal, which is disposed of after it. It is called on several threads; <see cref="TorchRuntime.Threads"/>
    /// then says how many threads a fit may use.
    /// </param>
    /// <param name="settings">
    /// What the fitters are and which options they have, in any words: files that were made under other words are made again.
    /// </param>
    public FolderEncoder(Func<Signal, ISignalFitter> createFitter, string settings)
    {
        ArgumentNullException.ThrowIfNull(createFitter);
        ArgumentException.ThrowIfNullOrWhiteSpace(settings);
        _createFitter = createFitter;
        _settings = settings;
    }

    /// <summary>Encodes what is not encoded yet.</summary>
    /// <param name="folder">The folder of pictures (.png, .jpg, .jpeg) and sounds (.wav).</param>
    /// <param name="output">The folder of the results; created where it is missing.</param>
    /// <param name="options">Subfolders, threads, share; all files of the folder itself by default.</param>
    /// <param name="progress">Told after each file, on the thread that made it, one at a time.</param>
    /// <param name="cancellationToken">Ends the run within a fraction of a second; what is finished stays.</param>
    /// <returns>What was made, what was there, and what failed.</returns>
    /// <exception cref="SignalLoadException">The folder cannot be listed, or holds no signal.</exception>
    /// <exception cref="InrException">Nothing can be written to the output folder.</exception>
    public FolderReport Run(
        string folder,
        string output,
        FolderOptions? options = null,
        IProgress<FolderProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FolderOptions();
        var run = new FolderRun(folder, output, _settings, options, progress, cancellationToken);
        if (!Directory.Exists(folder))
            throw new SignalLoadException(folder, "there is no such folder.");
        var files = SignalFiles.Open([folder], options.Recursive);
        return run.Execute([.. files.Files.Select(f => f.Path)], files.SkippedText, (file, gate) => Encode(file, output, gate, cancellationToken));
    }

    private FolderEntry Encode(SourceFile file, string output, MemoryGate gate, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var signal = new SignalFile(file.Path) { Name = Path.GetFileName(file.Name) }.Load();
        return gate.Run(signal.SampleCount * signal.Channels * BytesPerValue, () =>
        {
            using var fitter = _createFitter(signal);
            using var fit = fitter.Fit(signal, cancellationToken: cancellation);
            // What a fit that was ended early returns is no result.
            if (fit.Status == FitStatus.Cancelled)
                throw new OperationCanceledException(cancellation);
            string name = file.Name + InrEnding;
            string path = Path.Combine(output, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            long bytes = 0;
            AtomicFile.Write(path, stream =>
            {
                fit.Representation.Save(stream);
                bytes = stream.Length;
            });
            return new FolderEntry
            {
                Source = file.Name,
                Output = name,
                Settings = _settings,
                SourceBytes = file.Bytes,
                SourceTime = default,
                Bytes = bytes,
                Bits = 8 * bytes,
                BitsPerSample = 8.0 * bytes / signal.SampleCount,
                Psnr = fit.Psnr,
                EncodeSeconds = clock.Elapsed.TotalSeconds,
                Finished = default,
            };
        });
    }

    /// <summary>The ending of representations.</summary>
    internal const string InrEnding = ".inr";
}
