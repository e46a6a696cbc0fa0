namespace Inr;

/// <summary>A signal that training left out because it cannot be read.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedSignal(string Name, string Reason);
