using System.Buffers.Binary;

namespace Inr;

/// <summary>
/// Makes one symbol version that an ELF library asks for optional, by setting the flag VER_FLG_WEAK on its entry
/// of the section .gnu.version_r (Linux Standard Base, "Symbol Versioning"). The loader then accepts a system that lacks the
/// version. That is only sound where nothing in the library is bound to a symbol of that version, which is checked:
/// compilers from GCC 13 on leave such an unused mark, <c>_ZSt21ios_base_library_initv@GLIBCXX_3.4.32</c>, in
/// every library that includes &lt;iostream&gt;.
/// </summary>
internal static class ElfVersionPatch
{
    private const uint SectionRelocations = 4;
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const uint SectionVersionOfSymbol = 0x6fffffff;
    private const ushort WeakFlag = 2;
    private const ushort VersionMask = 0x7fff;
    private const int NeedSize = 16;
    private const int AuxiliarySize = 16;
    private const int RelocationSize = 24;

    /// <summary>Marks the version as optional in the bytes of a library.</summary>
    /// <param name="image">The whole library; changed in place, in one byte at most.</param>
    /// <param name="version">The symbol version, for example <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns><see langword="true"/> when the flag was set, <see langword="false"/> when it was there already.</returns>
    /// <exception cref="ElfPatchException">The bytes are no x86-64 ELF library, are damaged, do not ask for the
    /// version, or really use it. The bytes are unchanged.</exception>
    public static bool MakeOptional(Span<byte> image, string version)
    {
        var elf = new ElfReader(image);
        int entry = FindVersion(elf, version);
        RefuseIfUsed(elf, elf.U16(entry + 6), version);

        ushort flags = elf.U16(entry + 4);
        if ((flags & WeakFlag) != 0)
            return false;
        BinaryPrimitives.WriteUInt16LittleEndian(image.Slice(entry + 4, 2), (ushort)(flags | WeakFlag));
        return true;
    }

    /// <summary>Walks Elf64_Verneed → Elf64_Vernaux to the one entry of the version; returns its file offset.</summary>
    private static int FindVersion(ElfReader elf, string version)
    {
        ElfSection needs = elf.Single(SectionVersionNeeds, ".gnu.version_r");
        ElfSection names = elf.Linked(needs);
        int found = -1;
        uint need = 0;
        for (uint i = 0; i < needs.Info; i++)
        {
            int at = Within(needs, need, NeedSize);
            int count = elf.U16(at + 2);
            uint auxiliary = need + elf.U32(at + 8);
            for (int j = 0; j < count; j++)
            {
                int entry = Within(needs, auxiliary, AuxiliarySize);
                if (elf.Text(names, elf.U32(entry + 8)) == version)
                {
                    if (found >= 0)
                        throw new ElfPatchException($"The library asks for {version} more than once.");
                    found = entry;
                }

                auxiliary = Next(auxiliary, elf.U32(entry + 12), last: j == count - 1);
            }

            need = Next(need, elf.U32(at + 12), last: i == needs.Info - 1);
        }

        return found >= 0 ? found : throw new ElfPatchException($"The library does not ask for {version}.");
    }

    /// <summary>An entry's file offset, from its offset in the section.</summary>
    private static int Within(ElfSection section, uint offset, int size)
    {
        if (offset > section.Size - (long)size)
            throw new ElfPatchException($"A version entry at {offset} lies outside its section of {section.Size} bytes.");
        return section.Offset + (int)offset;
    }

    private static uint Next(uint from, uint step, bool last)
    {
        // Forward only: a chain that stands still or wraps round is damage, not a layout.
        if (!last && (step == 0 || from + step < from))
            throw new ElfPatchException("The chain of version entries is broken.");
        return from + step;
    }

    /// <summary>Refuses when a relocation binds to any symbol of the version, because it would then be missing at run time.</summary>
    private static void RefuseIfUsed(ElfReader elf, ushort index, string version)
    {
        ElfSection versions = elf.Single(SectionVersionOfSymbol, ".gnu.version");
        int symbols = versions.Size / sizeof(ushort);
        foreach (ElfSection section in elf.Sections)
        {
            if (section.Type != SectionRelocations)
                continue;
            for (int at = 0; at <= section.Size - RelocationSize; at += RelocationSize)
            {
                uint symbol = (uint)(elf.U64(section.Offset + at + 8) >> 32);
                if (symbol >= (uint)symbols)
                    throw new ElfPatchException($"A relocation refers to symbol {symbol} of {symbols}.");
                if ((elf.U16(versions.Offset + ((int)symbol * sizeof(ushort))) & VersionMask) == (index & VersionMask))
                    throw new ElfPatchException($"The library uses symbols of {version}; it cannot run without them.");
            }
        }
    }
}
