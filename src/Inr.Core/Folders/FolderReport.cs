namespace Inr.Folders;

/// <summary>What a run over a folder did.</summary>
public sealed record FolderReport
{
    /// <summary>What this run made, and what failed, in the order of the files.</summary>
    public required IReadOnlyList<FolderEntry> Entries { get; init; }

    /// <summary>What was there already from an earlier run, or another one that runs beside, in the order of the files.</summary>
    public required IReadOnlyList<FolderEntry> Kept { get; init; }

    /// <summary>The files of the share.</summary>
    public required int Total { get; init; }

    /// <summary>How much of the folder is no signal and was left out, on one line; empty where nothing was.</summary>
    public required string LeftOut { get; init; }

    /// <summary>Why the run ended before all files were tried, such as a full disk; null where it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>Whether the caller ended it.</summary>
    public required bool IsCancelled { get; init; }

    /// <summary>The time of the work.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What failed.</summary>
    public IEnumerable<FolderEntry> Failures => Entries.Where(e => e.Failure is not null);

    /// <summary>Whether there is an output of every file of the share.</summary>
    public bool IsComplete => StopReason is null && !IsCancelled && !Failures.Any();

    /// <summary>Writes one JSON object a line for every file: what was there already, what was made, and what failed.</summary>
    /// <param name="stream">It stays open.</param>
    public void WriteLines(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        foreach (var entry in Kept.Concat(Entries).OrderBy(e => e.Source, StringComparer.Ordinal))
            stream.Write(ManifestLine.Of(entry));
    }
}
