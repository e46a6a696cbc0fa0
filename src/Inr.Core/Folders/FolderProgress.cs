namespace Inr.Folders;

/// <summary>Where a run over a folder stands.</summary>
/// <param name="Entry">The file that was finished last; null at the start.</param>
/// <param name="Done">Files that this run has finished, failures included.</param>
/// <param name="Pending">Files that this run had or has to do.</param>
/// <param name="Failed">Failures so far.</param>
/// <param name="Elapsed">Since the start of the work.</param>
/// <param name="Remaining">The time left, judged by the bytes of the files; null before the first one.</param>
public sealed record FolderProgress(FolderEntry? Entry, int Done, int Pending, int Failed, TimeSpan Elapsed, TimeSpan? Remaining)
{
    /// <summary>Files a second.</summary>
    public double Pace => Elapsed.TotalSeconds > 0 ? Done / Elapsed.TotalSeconds : 0;
}
