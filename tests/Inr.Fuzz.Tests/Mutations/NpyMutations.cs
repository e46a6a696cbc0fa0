using System.Buffers.Binary;

namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations of the text header of a version 1.0 NPY array, with its length made right again.</summary>
internal static class NpyMutations
{
    private const int Prefix = 10;

    /// <summary>Changes the text of the header.</summary>
    public static byte[] Header(byte[] file, Random random)
    {
        if (file.Length < Prefix || file.Length - Prefix < BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)))
            return ByteMutations.Apply(file, random);
        int end = Prefix + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        byte[] header = TextMutations.Apply(file[Prefix..end], random);
        byte[] changed = [.. file[..Prefix], .. header, .. file[end..]];
        BinaryPrimitives.WriteUInt16LittleEndian(changed.AsSpan(8), (ushort)header.Length);
        return changed;
    }
}
