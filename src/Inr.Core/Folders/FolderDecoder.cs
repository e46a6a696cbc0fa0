using System.Diagnostics;
using Inr.Files;

namespace Inr.Folders;

/// <summary>
/// Renders every <c>.inr</c> file of a folder at its own size, as a picture or a sound, in the same structure of subfolders.
/// </summary>
/// <remarks>
/// <c>a/photo.png.inr</c> becomes <c>a/photo.png</c>, and <c>a/photo.jpg.inr</c> becomes <c>a/photo.jpg.png</c>: pictures are PNG files and
/// sounds are WAV files, as fine as the source was stored. It goes on, shares and reports as <see cref="FolderEncoder"/> does.
/// </remarks>
public static class FolderDecoder
{
    private const string Settings = "decode";
    private const string Picture = ".png";
    private const string Sound = ".wav";

    // Where a file does not say it: that of a CD.
    private const int UsualRate = 44_100;

    private const long BytesPerValue = 40;

    /// <summary>Decodes what is not decoded yet.</summary>
    /// <param name="folder">The folder of <c>.inr</c> files.</param>
    /// <param name="output">The folder of the results; created where it is missing.</param>
    /// <param name="options">Subfolders, threads, share; all files of the folder itself by default.</param>
    /// <param name="progress">Told after each file, on the thread that made it, one at a time.</param>
    /// <param name="cancellationToken">Ends the run; what is finished stays.</param>
    /// <returns>What was made, what was there, and what failed.</returns>
    /// <exception cref="SignalLoadException">The folder cannot be listed, or holds no <c>.inr</c> file.</exception>
    /// <exception cref="InrException">Nothing can be written to the output folder.</exception>
    public static FolderReport Run(
        string folder,
        string output,
        FolderOptions? options = null,
        IProgress<FolderProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new FolderOptions();
        var run = new FolderRun(folder, output, Settings, options, progress, cancellationToken);
        if (!Directory.Exists(folder))
            throw new SignalLoadException(folder, "there is no such folder.");
        if (RealPath.Comparer.Equals(RealPath.Of(folder), RealPath.Of(output)))
            throw new InrException($"The results would stand among the files of '{folder}', and photo.png.inr would replace photo.png; name another folder.");
        var listing = FileListing.List([folder], [FolderEncoder.InrEnding], options.Recursive);
        if (listing.Files.Count == 0)
        {
            string skipped = listing.DescribeSkipped();
            throw new SignalLoadException(folder, $"the folder holds no {FolderEncoder.InrEnding} file{(options.Recursive ? "" : " of its own (subfolders are left out)")}.{(skipped.Length > 0 ? $" It holds: {skipped}." : "")}");
        }

        var stems = listing.Files.Select(Stem).ToHashSet(RealPath.Comparer);
        return run.Execute(listing.Files, listing.DescribeSkipped(), (file, gate) => Decode(file, output, stems.Contains, gate, cancellationToken));
    }

    private static string Stem(string path) => path[..^FolderEncoder.InrEnding.Length];

    // photo.inr gives photo.png, unless photo.png.inr, which gives it too, stands beside.
    private static string NameOf(SourceFile file, string ending, Func<string, bool> isStem)
    {
        string stem = Stem(file.Name);
        if (stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            return stem;
        return isStem(Stem(file.Path) + ending) ? file.Name + ending : stem + ending;
    }

    private static FolderEntry Decode(
        SourceFile file,
        string output,
        Func<string, bool> isStem,
        MemoryGate gate,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var representation = ImplicitRepresentation.Load(file.Path);
        var domain = representation.Domain;
        if (!domain.IsGrid || domain.Dimension > 2)
            throw new InrException($"It holds a signal of {(domain.IsGrid ? $"{domain.Dimension} axes" : "scattered samples")}; only pictures and sounds that filled a grid are decoded.");
        bool isSound = domain.Dimension == 1;
        string name = NameOf(file, isSound ? Sound : Picture, isStem);
        string path = Path.Combine(output, name);
        double count = domain.GridShape.Aggregate((double)representation.Target.OutputDimension, (product, side) => product * side);
        return gate.Run((long)Math.Min(count * BytesPerValue, long.MaxValue / 2), () =>
        {
            using var signal = representation.Render([.. domain.GridShape], cancellation);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SampleLoss? loss = null;
            long bytes = 0;
            AtomicFile.Write(path, stream =>
            {
                loss = isSound ? signal.SaveWav(stream, signal.Format is { SampleRate: > 0 } ? null : UsualRate) : signal.SavePng(stream);
                bytes = stream.Length;
            });
            return new FolderEntry
            {
                Source = file.Name,
                Output = name,
                Settings = Settings,
                SourceBytes = file.Bytes,
                SourceTime = default,
                Bytes = bytes,
                DecodeSeconds = clock.Elapsed.TotalSeconds,
                Warning = loss!.Warning,
                Finished = default,
            };
        });
    }
}
