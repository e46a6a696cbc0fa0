namespace Inr;

/// <summary>A file is not an ELF library that <see cref="ElfVersionPatch"/> may change; nothing was changed.</summary>
internal sealed class ElfPatchException : InrException
{
    public ElfPatchException(string message)
        : base(message)
    {
    }
}
