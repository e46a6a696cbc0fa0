namespace Inr.Evaluation;

/// <summary>A codec of a comparison.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is, with the options that matter.</param>
/// <param name="Version">The program and its version; null for the library's own.</param>
public sealed record CodecDescription(string Name, string Summary, string? Version);
