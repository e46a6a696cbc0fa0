namespace Inr;

/// <summary>One section header of an ELF64 file, already checked to lie inside the file.</summary>
/// <param name="Type">sh_type.</param>
/// <param name="Offset">sh_offset: first byte of the section in the file.</param>
/// <param name="Size">sh_size in bytes.</param>
/// <param name="Link">sh_link: index of the section that this one refers to.</param>
/// <param name="Info">sh_info: for a version-needs section, the number of its entries.</param>
internal readonly record struct ElfSection(uint Type, int Offset, int Size, uint Link, uint Info);
