namespace Inr;

/// <summary>A file or folder that a listing left out.</summary>
/// <param name="Path">Its path, as the listing met it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">More about it where there is more, such as the other path of a file that was seen before; empty otherwise.</param>
public sealed record SkippedFile(string Path, SkipReason Reason, string Detail = "");
