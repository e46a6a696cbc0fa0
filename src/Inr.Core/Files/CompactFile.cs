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

    /// <summary>Writes a representation whose target has a compact form and whose θ is kept as bytes, or whose θ is one stream of codes.</summary>
    /// <returns>Whether it was one.</returns>
    public static bool TryWrite(ImplicitRepresentation representation, Stream stream)
    {
        if (CodedFile.Write(representation) is { } coded)
        {
            stream.Write(Magic);
            stream.WriteByte(CodedFile.Form);
            stream.Write(coded);
            return true;
        }

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
        var (form, bytes, _) = Read(stream, source);
        if (form == CodedFile.Form)
            return LoadCoded(bytes, source, device);
        var content = Content(form, bytes, source);
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
        var (form, bytes, length) = Read(stream, source);
        if (form == CodedFile.Form)
            return InfoOfCoded(bytes, length, source);
        var content = Content(form, bytes, source);
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

    private static ImplicitRepresentation LoadCoded(byte[] bytes, string source, Device? device)
    {
        var content = Asked(source, () => CodedFile.Read(bytes));
        var stored = new StoredParameters(content.Target.Layout, content.Code.Storages());
        using var scope = NewDisposeScope();
        var decoded = stored.Decode(device);
        if (decoded.Tensors.Any(t => !Shapes.IsFinite(t)))
        {
            stored.Dispose();
            throw InputFile.Refuse(source, "its parameters hold NaN or infinite numbers.");
        }

        return new ImplicitRepresentation(content.Target, stored, decoded, content.Domain) { Format = content.Format };
    }

    private static InrFileInfo InfoOfCoded(byte[] bytes, long length, string source)
    {
        var content = Asked(source, () => CodedFile.Read(bytes));
        using var stored = new StoredParameters(content.Target.Layout, content.Code.Storages());
        var description = content.Target.Description;
        return new InrFileInfo(
            InrFile.FormatVersion,
            description.Kind,
            description.Options,
            content.Domain,
            stored.NumbersStored,
            stored.BitsStored,
            length,
            "",
            stored.Layout.Zip(stored).ToDictionary(p => p.First.Name, p => p.Second.Kind),
            [])
        { Format = content.Format };
    }

    private static CompactContent Content(byte form, byte[] bytes, string source) => Asked(source, () => TargetRegistry.ReadCompact(form, bytes));

    private static T Asked<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InrFileException e)
        {
            throw InputFile.Refuse(source, e.Message, e);
        }
    }

    private static (byte Form, byte[] Bytes, long Length) Read(Stream stream, string source)
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
            return (prefix[^1], bytes, length);
        }
        catch (Exception e) when (e is IOException or InrFileException)
        {
            throw InputFile.Refuse(source, e.Message, e);
        }
    }
}
