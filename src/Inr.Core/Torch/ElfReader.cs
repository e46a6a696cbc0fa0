using System.Buffers.Binary;
using System.Text;

namespace Inr;

/// <summary>
/// Reads an ELF64 little-endian x86-64 shared library (System V ABI, chapters 4 and 5). Every offset, size and
/// index is checked against the bytes at hand, so a truncated or hostile file ends in an
/// <see cref="ElfPatchException"/>, never in a wrong read.
/// </summary>
internal readonly ref struct ElfReader
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SharedObject = 3;
    private const int X64 = 62;

    private readonly ReadOnlySpan<byte> _image;

    public ElfReader(ReadOnlySpan<byte> image)
    {
        _image = image;
        if (image.Length < HeaderSize || !image.StartsWith("\u007fELF"u8))
            throw new ElfPatchException($"The file ({image.Length} bytes) is not an ELF file.");
        if (image[4] != 2 || image[5] != 1)
        {
            throw new ElfPatchException(
                $"Only 64-bit little-endian ELF files are supported; class byte {image[4]}, data byte {image[5]}.");
        }

        if (U16(16) != SharedObject || U16(18) != X64)
        {
            throw new ElfPatchException(
                $"Only x86-64 shared libraries are supported; ELF type {U16(16)}, machine {U16(18)}.");
        }

        Sections = ReadSections();
    }

    public ElfSection[] Sections { get; }

    public ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2));

    public uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4));

    public ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8));

    /// <summary>The only section of a type.</summary>
    public ElfSection Single(uint type, string name)
    {
        ElfSection? found = null;
        foreach (ElfSection section in Sections)
        {
            if (section.Type != type)
                continue;
            if (found is not null)
                throw new ElfPatchException($"The ELF file has more than one {name} section.");
            found = section;
        }

        return found ?? throw new ElfPatchException($"The ELF file has no {name} section.");
    }

    /// <summary>The section at an index that another section names in its sh_link.</summary>
    public ElfSection Linked(ElfSection from) => from.Link < (uint)Sections.Length
        ? Sections[from.Link]
        : throw new ElfPatchException($"A section refers to section {from.Link} of {Sections.Length}.");

    /// <summary>The zero-terminated string at an offset of a string table.</summary>
    public string Text(ElfSection table, uint offset)
    {
        if (offset >= (uint)table.Size)
            throw new ElfPatchException($"A name lies at {offset} of a string table of {table.Size} bytes.");
        ReadOnlySpan<byte> tail = _image.Slice(table.Offset + (int)offset, table.Size - (int)offset);
        int end = tail.IndexOf((byte)0);
        if (end < 0)
            throw new ElfPatchException("A name in the string table does not end.");
        return Encoding.ASCII.GetString(tail[..end]);
    }

    private ReadOnlySpan<byte> Slice(int offset, int count)
    {
        if (offset < 0 || offset > _image.Length - count)
            throw new ElfPatchException($"The ELF file is truncated: {count} bytes at {offset} of {_image.Length}.");
        return _image.Slice(offset, count);
    }

    private ElfSection[] ReadSections()
    {
        ulong table = U64(40);
        int entrySize = U16(58);
        int count = U16(60);
        if (count == 0 || entrySize != SectionHeaderSize)
            throw new ElfPatchException($"The ELF file has no readable section table ({count} entries of {entrySize} bytes).");
        if (table > (ulong)_image.Length || (ulong)_image.Length - table < (ulong)(count * entrySize))
            throw new ElfPatchException($"The section table ({count} entries at {table}) lies outside the {_image.Length} bytes.");

        var sections = new ElfSection[count];
        for (int i = 0; i < count; i++)
            sections[i] = ReadSection((int)table + (i * entrySize), i);
        return sections;
    }

    private ElfSection ReadSection(int at, int index)
    {
        const uint Null = 0;
        const uint NoBits = 8;
        uint type = U32(at + 4);
        ulong offset = U64(at + 24);
        ulong size = U64(at + 32);

        // These two kinds occupy no bytes of the file, whatever their header says.
        if (type is Null or NoBits)
            return new ElfSection(type, 0, 0, U32(at + 40), U32(at + 44));
        if (offset > (ulong)_image.Length || size > (ulong)_image.Length - offset)
            throw new ElfPatchException($"Section {index} ({size} bytes at {offset}) lies outside the {_image.Length} bytes.");
        return new ElfSection(type, (int)offset, (int)size, U32(at + 40), U32(at + 44));
    }
}
