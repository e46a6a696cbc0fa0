using System.Diagnostics;
using Inr.Files;
using Microsoft.Extensions.Options;

namespace Inr.Folders;

/// <summary>Works through the files of a folder on several threads, keeps what is finished, and goes on past what fails.</summary>
internal sealed class FolderRun
{
    private const int LongestReason = 400;

    // ENOSPC, EDQUOT of Linux and of macOS; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private static readonly int[] FullDisk = OperatingSystem.IsWindows() ? [39, 112] : OperatingSystem.IsMacOS() ? [28, 69] : [28, 122];

    private readonly string _folder;
    private readonly string _output;
    private readonly string _settings;
    private readonly FolderOptions _options;
    private readonly IProgress<FolderProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly object _lock = new();
    private readonly List<FolderEntry> _entries = [];
    private readonly List<FolderEntry> _kept = [];
    private readonly Stopwatch _clock = new();
    private long _bytesDone;
    private long _bytesPending;
    private int _pending;
    private int _failed;
    private volatile string? _stopReason;

    public FolderRun(
        string folder,
        string output,
        string settings,
        FolderOptions options,
        IProgress<FolderProgress>? progress,
        CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentException.ThrowIfNullOrWhiteSpace(output);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Jobs);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MemoryBytes);
        _folder = folder;
        _output = output;
        _settings = settings;
        _options = options;
        _progress = progress;
        _cancellation = cancellation;
    }

    private bool IsStopped => _stopReason is not null || _cancellation.IsCancellationRequested;

    /// <summary>Runs.</summary>
    /// <param name="files">The files of the folder, of all shares.</param>
    /// <param name="leftOut">What of the folder is no such file.</param>
    /// <param name="work">Makes the output of a file and says what it is.</param>
    public FolderReport Execute(IReadOnlyList<string> files, string leftOut, Func<SourceFile, MemoryGate, FolderEntry> work)
    {
        try
        {
            Directory.CreateDirectory(_output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InrException($"Cannot write to the folder '{_output}': {e.Message}", e);
        }

        using var manifest = FolderManifest.Open(_output, _options.Shard);
        SourceFile[] share = [.. files.Where((_, i) => _options.Shard.Takes(i)).Select(Describe)];
        var pending = new List<SourceFile>();
        foreach (var file in share)
        {
            if (_cancellation.IsCancellationRequested)
                break;
            if (manifest.Find(_folder, file.Name, _settings) is { } kept)
                _kept.Add(kept);
            else
                pending.Add(file);
        }

        // Two runs that begin at different places have little to do twice.
        int first = manifest.IsShared && pending.Count > 0 ? Random.Shared.Next(pending.Count) : 0;
        SourceFile[] order = [.. pending.Skip(first), .. pending.Take(first)];
        _pending = order.Length;
        _bytesPending = order.Sum(f => f.Bytes);
        _clock.Start();
        _progress?.Report(new FolderProgress(null, 0, _pending, 0, TimeSpan.Zero, null));
        RunAll(order, manifest, work);
        return new FolderReport
        {
            Entries = [.. _entries.OrderBy(e => e.Source, StringComparer.Ordinal)],
            Kept = [.. _kept.OrderBy(e => e.Source, StringComparer.Ordinal)],
            Total = share.Length,
            LeftOut = leftOut,
            StopReason = _stopReason,
            IsCancelled = _cancellation.IsCancellationRequested,
            Elapsed = _clock.Elapsed,
        };
    }

    private SourceFile Describe(string path)
    {
        string name = Path.GetRelativePath(_folder, path).Replace(Path.DirectorySeparatorChar, '/');
        var file = new FileInfo(path);
        return new SourceFile(path, name, file.Exists ? file.Length : 0);
    }

    private void RunAll(SourceFile[] order, FolderManifest manifest, Func<SourceFile, MemoryGate, FolderEntry> work)
    {
        int processors = TorchRuntime.Threads;
        int jobs = Math.Min(_options.Jobs > 0 ? _options.Jobs : processors, order.Length);
        if (jobs == 0)
            return;
        long limit = _options.MemoryBytes > 0 ? _options.MemoryBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        var gate = new MemoryGate(limit, _cancellation);
        int next = -1;
        Thread[] threads = [.. Enumerable.Range(0, jobs).Select(_ => new Thread(Work) { IsBackground = true, Name = nameof(FolderRun) })];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        void Work()
        {
            // The number belongs to a thread.
            TorchRuntime.Threads = Math.Max(1, processors / jobs);
            for (int i; !IsStopped && (i = Interlocked.Increment(ref next)) < order.Length;)
                RunOne(order[i], manifest, gate, work);
        }
    }

    private void RunOne(SourceFile file, FolderManifest manifest, MemoryGate gate, Func<SourceFile, MemoryGate, FolderEntry> work)
    {
        try
        {
            // Another run may have been here meanwhile.
            if (manifest.Find(_folder, file.Name, _settings) is { } kept)
            {
                lock (_lock)
                {
                    _kept.Add(kept);
                    _pending--;
                    _bytesPending -= file.Bytes;
                }

                return;
            }

            var entry = Make(file, gate, work);
            manifest.Add(entry);
            lock (_lock)
            {
                _entries.Add(entry);
                _failed += entry.Failure is null ? 0 : 1;
                _bytesDone += file.Bytes;
                _progress?.Report(new FolderProgress(entry, _entries.Count, _pending, _failed, _clock.Elapsed, Remaining()));
            }
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            // What was not finished is made by the next run.
        }
        catch (Exception e)
        {
            _stopReason ??= IsFullDisk(e)
                ? $"The disk of '{_output}' is full. Make room and run the same again: it goes on from there."
                : $"Cannot write to the folder '{_output}': {Reason(e)}";
        }
    }

    // A failure is an entry too, but for what every other file would fail of as well.
    private FolderEntry Make(SourceFile file, MemoryGate gate, Func<SourceFile, MemoryGate, FolderEntry> work)
    {
        var info = new FileInfo(file.Path);
        var (bytes, time) = info.Exists ? (info.Length, info.LastWriteTimeUtc) : default;
        FolderEntry entry;
        try
        {
            entry = work(file, gate);
        }
        catch (Exception e) when (e is not OperationCanceledException && !IsFullDisk(e))
        {
            entry = new FolderEntry { Source = file.Name, Settings = _settings, SourceBytes = 0, SourceTime = default, Finished = default, Failure = Reason(e) };
        }

        return entry with { Settings = _settings, SourceBytes = bytes, SourceTime = time, SourceHash = SourceFile.HashOf(file.Path), Finished = DateTime.UtcNow };
    }

    private TimeSpan? Remaining() => _bytesDone == 0 ? null : _clock.Elapsed * ((double)(_bytesPending - _bytesDone) / _bytesDone);

    /// <summary>Whether a failure is that of a disk or a quota that has no room left.</summary>
    internal static bool IsFullDisk(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is IOException && FullDisk.Contains(e.HResult & 0xFFFF))
                return true;
        }

        return false;
    }

    private static string Reason(Exception failure)
    {
        string text = failure switch
        {
            OptionsValidationException e => string.Join(" ", e.Failures),
            // "… (Parameter 'x')" is of use to a programmer only.
            ArgumentException { ParamName: { Length: > 0 } name } e => e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
            ArgumentException or InrException or IOException or UnauthorizedAccessException => failure.Message,
            OutOfMemoryException => "There is not enough memory for it.",
            _ => $"Unexpected failure ({failure.GetType().Name}): {failure.Message}",
        };
        string line = InputFile.OneLine(text);
        return line.Length <= LongestReason ? line : line[..LongestReason];
    }
}
