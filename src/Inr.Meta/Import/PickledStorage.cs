namespace Inr.Meta;

/// <summary>A block of float32 numbers in a file of its own inside the archive.</summary>
/// <param name="Key">The name of that file.</param>
/// <param name="Count">The numbers it claims to hold.</param>
internal sealed record PickledStorage(string Key, long Count);
