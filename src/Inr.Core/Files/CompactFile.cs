namespace Inr.Files;

/// <summary>The compact form of an <c>.inr</c> file: four bytes that no safetensors file begins with, the number of the form, and θ.</summary>
internal static class CompactFile
{
    private const int PrefixBytes = 5;

    // As the length of a header of safetensors it is above the largest one, whatever follows.
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'I', (byte)'N', (byte)'R'];

    /// <summary>Whether a stream goes on with a compact form; it stays where it is.</summary>
    public static bool Begins(Stream stream, string source)
    {
        Span<byte> first = stackalloc byte[4];
        try
        {
            long start = stream.Position;
            int read = stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            stream.Position = start;
            return read == first.Length && first.SequenceEqual(Magic);
        }
        catch (IOException e)
        {
            throw InputFile.Refuse(source, e.Message, e);
        }
    }

    /// <summary>Writes a representation whose target has a compact form and whose θ is kept as bytes.</summary>
    /// <returns>Whether it was one.</returns>
    public static bool TryWrite(ImplicitRepresentation representation, Stream stream)
    {
        if (representation.Target is not ICompactTarget target || representation.Stored is not [BytesStorage bytes])
            return false;
        stream.Write(Magic);
        stream.WriteByte(target.CompactForm);
        stream.Write(bytes.Content.Span);
        return true;
    }

    /// <summary>Reads a representation.</summary>
    public static ImplicitRepresentation Load(Stream stream, string source, Device? device)
    {
        var (content, bytes, _) = Read(stream, source);
        var stored = new StoredParameters(content.Target.Layout, [new BytesStorage(bytes)]);
        try
        {
            return new ImplicitRepresentation(content.Target, stored, content.Domain, device) { Format = content.Format };
        }
        catch (ArgumentException e)
        {
            stored.Dispose();
            throw InputFile.Refuse(source, e.Message, e);
        }
    }

    /// <summary>What a file says of itself.</summary>
    public static InrFileInfo ReadInfo(Stream stream, string source)
    {
        var (content, bytes, length) = Read(stream, source);
        using var storage = new BytesStorage(bytes);
        var description = content.Target.Description;
        return new InrFileInfo(
            InrFile.FormatVersion,
            description.Kind,
            description.Options,
            content.Domain,
            storage.NumbersStored,
            storage.BitsStored,
            length,
            "",
            new Dictionary<string, string> { [content.Target.Layout[0].Name] = storage.Kind },
            [])
        { Format = content.Format };
    }

    private static (CompactContent Content, byte[] Bytes, long Length) Read(Stream stream, string source)
    {
        try
        {
            long length = stream.Length - stream.Position;
            if (length < PrefixBytes || length > Array.MaxLength)
                throw new InrFileException($"it has {length} bytes; a compact form has {PrefixBytes} to {Array.MaxLength}.");
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            stream.ReadExactly(prefix);
            byte[] bytes = new byte[length - PrefixBytes];
            stream.ReadExactly(bytes);
            return (TargetRegistry.ReadCompact(prefix[^1], bytes), bytes, length);
        }
        catch (Exception e) when (e is IOException or InrFileException)
        {
            throw InputFile.Refuse(source, e.Message, e);
        }
    }
}
