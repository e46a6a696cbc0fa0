namespace Inr.Folders;

/// <summary>How a folder is worked through.</summary>
public sealed record FolderOptions
{
    /// <summary>Whether to take the files of subfolders too; off by default.</summary>
    public bool Recursive { get; init; }

    /// <summary>Files in work at a time; 0, the default, for one on each processor.</summary>
    public int Jobs { get; init; }

    /// <summary>The share of this run; all files by default.</summary>
    public FolderShard Shard { get; init; } = FolderShard.All;

    /// <summary>
    /// The bytes that the signals in work may need together, as far as that can be foreseen; 0, the default, for half of the memory of
    /// the process. A signal that needs more is worked on alone.
    /// </summary>
    public long MemoryBytes { get; init; }
}
