using System.Buffers.Binary;
using System.Text;

namespace Inr;

/// <summary>
/// Builds an empty ELF library whose name (DT_SONAME) is a full path. While it is loaded, glibc takes that path as
/// loaded already and opens no file for it. This keeps a second libtorch out of a process that has one: TorchSharp
/// always asks for the app's <c>libtorch_cpu.so</c> by full path, and two copies abort the process.
/// </summary>
internal static class LibraryAlias
{
    private const int ProgramHeaders = 64;
    private const int Symbols = ProgramHeaders + (3 * 56);
    private const int Hash = Symbols + 24;
    private const int Dynamic = Hash + 16;
    private const int DynamicSize = 7 * 16;
    private const int Strings = Dynamic + DynamicSize;

    /// <summary>The bytes of the library.</summary>
    /// <param name="path">The full path that it stands for.</param>
    public static byte[] Build(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        int stringsSize = name.Length + 2;
        byte[] image = new byte[Strings + stringsSize];
        WriteHeader(image);

        // The loader relocates the dynamic table in place, so its page is writable; nothing is executable.
        const uint Load = 1, DynamicTable = 2, Stack = 0x6474e551;
        WriteSegment(image, 0, Load, offset: 0, size: image.Length, align: 0x1000);
        WriteSegment(image, 1, DynamicTable, Dynamic, DynamicSize, align: 8);
        WriteSegment(image, 2, Stack, offset: 0, size: 0, align: 16);

        // A hash table of one bucket and one chain entry over the obligatory null symbol.
        U32(image, Hash, 1);
        U32(image, Hash + 4, 1);
        const ulong SoName = 14, HashTable = 4, StringTable = 5, SymbolTable = 6, StringSize = 10, SymbolSize = 11;
        (ulong Tag, ulong Value)[] entries =
        [
            (SoName, 1), (HashTable, Hash), (StringTable, Strings), (SymbolTable, Symbols),
            (StringSize, (ulong)stringsSize), (SymbolSize, 24), (0, 0),
        ];
        for (int i = 0; i < entries.Length; i++)
        {
            U64(image, Dynamic + (16 * i), entries[i].Tag);
            U64(image, Dynamic + (16 * i) + 8, entries[i].Value);
        }

        name.CopyTo(image, Strings + 1);
        return image;
    }

    private static void WriteHeader(byte[] image)
    {
        const ushort SharedObject = 3, X64 = 62;
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(image);
        U16(image, 16, SharedObject);
        U16(image, 18, X64);
        U32(image, 20, 1);
        U64(image, 32, ProgramHeaders);
        U16(image, 52, 64);
        U16(image, 54, 56);
        U16(image, 56, 3);
    }

    private static void WriteSegment(byte[] image, int index, uint type, int offset, int size, ulong align)
    {
        const uint ReadWrite = 6;
        int at = ProgramHeaders + (56 * index);
        U32(image, at, type);
        U32(image, at + 4, ReadWrite);
        U64(image, at + 8, (ulong)offset);
        U64(image, at + 16, (ulong)offset);
        U64(image, at + 24, (ulong)offset);
        U64(image, at + 32, (ulong)size);
        U64(image, at + 40, (ulong)size);
        U64(image, at + 48, align);
    }

    private static void U16(byte[] image, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at), value);

    private static void U32(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);

    private static void U64(byte[] image, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(at), value);
}
