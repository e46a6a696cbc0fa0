namespace Inr.Fuzz.Tests;

/// <summary>A reader under test: small valid files, how to read one, and how to mutate one beyond its bytes.</summary>
/// <param name="Name">What the test and its report call it.</param>
/// <param name="Seeds">Makes the valid files.</param>
/// <param name="Read">Reads a file to the end; it leaves nothing behind.</param>
internal sealed record FuzzReader(string Name, Func<byte[][]> Seeds, Action<byte[]> Read)
{
    /// <summary>Mutations that keep the structure of the format, so that the change is found deep inside.</summary>
    public IReadOnlyList<Mutation> Structural { get; init; } = [];

    /// <summary>Whether a damaged file is refused, as most readers do; false where it counts as missing.</summary>
    public bool Refuses { get; init; } = true;

    /// <summary>What a file may make the reader allocate.</summary>
    /// <value>The default is 64 MiB for files of less than 1 MiB; more only where an honest header needs it.</value>
    public long MostBytes { get; init; } = 64 << 20;
}
