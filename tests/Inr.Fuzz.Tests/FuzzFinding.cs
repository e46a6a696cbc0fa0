namespace Inr.Fuzz.Tests;

/// <summary>An input that a reader did not take as it should.</summary>
/// <param name="Index">Which input of its reader.</param>
/// <param name="What">What went wrong.</param>
/// <param name="Input">The file.</param>
internal sealed record FuzzFinding(int Index, string What, byte[] Input)
{
    private const int LongestInput = 6_000;

    /// <summary>Where it comes from, so that one fault is told once.</summary>
    public string Kind => What.Split('\n')[0];

    /// <inheritdoc/>
    public override string ToString() => $"input {Index}: {What}\n{(Input.Length <= LongestInput ? Convert.ToBase64String(Input) : $"({Input.Length} bytes)")}";
}
