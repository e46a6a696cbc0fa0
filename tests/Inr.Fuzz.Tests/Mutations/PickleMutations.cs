namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations of a pickle: operations of its machine put where others are.</summary>
internal static class PickleMutations
{
    // Those that need no argument, and a few with short ones.
    private static readonly byte[][] Operations =
    [
        [(byte)'('], [(byte)')'], [(byte)'.'], [(byte)'0'], [(byte)'1'], [(byte)'2'], [(byte)'N'], [(byte)'Q'], [(byte)'R'], [(byte)']'], [(byte)'}'],
        [(byte)'a'], [(byte)'b'], [(byte)'e'], [(byte)'s'], [(byte)'t'], [(byte)'u'], [0x81], [0x85], [0x86], [0x87], [0x88], [0x89], [0x8f], [0x90], [0x91], [0x92], [0x93], [0x94],
        [(byte)'K', 1], [(byte)'h', 0], [(byte)'q', 3], [0x8c, 1, (byte)'a'], [0x8a, 9, 255, 255, 255, 255, 255, 255, 255, 255, 127], [(byte)'J', 255, 255, 255, 127], [0x8d, 255, 255, 255, 255, 255, 255, 255, 255],
        [.. "cos\nsystem\n"u8], [.. "ccollections\nOrderedDict\n"u8],
    ];

    /// <summary>Inserts or repeats operations, or changes bytes.</summary>
    public static byte[] Apply(byte[] pickle, Random random)
    {
        if (random.Next(2) == 0)
            return ByteMutations.Apply(pickle, random);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int place = random.Next(pickle.Length + 1);
            byte[] operation = Operations[random.Next(Operations.Length)];
            int times = random.Next(10) == 0 ? random.Next(1, 2000) : 1;
            pickle = [.. pickle[..place], .. Enumerable.Repeat(operation, times).SelectMany(b => b), .. pickle[place..]];
        }

        return pickle;
    }
}
