using System.Buffers.Binary;

namespace Inr.Fuzz.Tests.Mutations;

/// <summary>Mutations of the JSON header of safetensors, with its length made right again.</summary>
internal static class SafeTensorsMutations
{
    private const int Prefix = sizeof(ulong);

    /// <summary>Changes the text of the header.</summary>
    public static byte[] Header(byte[] file, Random random)
    {
        if (file.Length < Prefix || BinaryPrimitives.ReadUInt64LittleEndian(file) is var length && length > (ulong)(file.Length - Prefix))
            return ByteMutations.Apply(file, random);
        int end = Prefix + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        byte[] header = TextMutations.Apply(file[Prefix..end], random);
        byte[] prefix = new byte[Prefix];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        return [.. prefix, .. header, .. file[end..]];
    }
}
