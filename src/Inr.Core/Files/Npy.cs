namespace Inr.Files;

/// <summary>Reads and writes NPY files, numpy's format for one array.</summary>
/// <remarks>
/// Versions 1.0 to 3.0; floating-point numbers of 16, 32 and 64 bits, whole numbers of 8 to 64 bits with or without a sign,
/// and bool; little- or big-endian, row- or column-major. Types keep their width, but for unsigned ones that no tensor here
/// has: uint16 becomes int32, uint32 int64, and uint64 int64 where every number fits. Objects, text, dates, records and
/// complex numbers are refused by name.
/// </remarks>
public static class Npy
{
    /// <summary>Reads a file.</summary>
    /// <returns>The array on the CPU in row-major order; the caller owns it.</returns>
    /// <exception cref="InrFileException">The file cannot be opened, is damaged, or holds another type.</exception>
    public static Tensor Load(string path)
    {
        TorchRuntime.EnsureLoaded();
        using var stream = InputFile.Open(path);
        return Read(stream, stream.Length, path);
    }

    /// <summary>Reads from the current position of a stream to its end.</summary>
    /// <param name="stream">It stays open; one that cannot seek is copied into memory first.</param>
    /// <returns>The array on the CPU in row-major order; the caller owns it.</returns>
    /// <exception cref="InrFileException">The data are damaged or of another type.</exception>
    public static Tensor Read(Stream stream)
    {
        TorchRuntime.EnsureLoaded();
        ArgumentNullException.ThrowIfNull(stream);
        string source = InputFile.NameOf(stream);
        var seekable = InputFile.Seekable(stream, source);
        return Read(seekable, seekable.Length - seekable.Position, source);
    }

    /// <summary>Writes a file; one that exists is replaced only when the new one is complete.</summary>
    /// <exception cref="ArgumentException">The format, as read here, lacks the type, or the name has the ending of another format.</exception>
    /// <exception cref="InrFileException">The file cannot be written.</exception>
    public static void Save(string path, Tensor tensor)
    {
        FileKind.Npy.Require(path);
        AtomicFile.Write(path, stream => Write(stream, tensor));
    }

    /// <summary>Writes an array as version 1.0, row-major.</summary>
    /// <exception cref="ArgumentException">The format, as read here, lacks the type.</exception>
    public static void Write(Stream stream, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        stream.Write(NpyHeader.Build(tensor));
        TensorBytes.Write(stream, tensor);
    }

    /// <summary>Reads an array of a known length, from a stream that need not seek.</summary>
    internal static Tensor Read(Stream stream, long length, string source)
    {
        try
        {
            var header = NpyHeader.Read(stream, length, source);
            if (!header.IsFortranOrder)
                return header.Numbers.Read(stream, header.Shape);

            // Column-major numbers are the row-major numbers of the array with its axes reversed.
            using var scope = NewDisposeScope();
            var reversed = header.Numbers.Read(stream, [.. Enumerable.Reverse(header.Shape)]);
            long[] axes = [.. Enumerable.Range(0, header.Shape.Length).Reverse()];
            return reversed.permute(axes).contiguous().MoveToOuterDisposeScope();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            throw InputFile.Refuse(source, e.Message, e);
        }
    }
}
