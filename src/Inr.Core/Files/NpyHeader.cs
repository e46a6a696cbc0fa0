using System.Buffers.Binary;
using System.Text;

namespace Inr.Files;

/// <summary>The header of an NPY array: type, axis order and shape (numpy's format specification, versions 1.0 to 3.0).</summary>
internal sealed class NpyHeader
{
    private const int MaxTextBytes = 1 << 16;
    private const int Alignment = 64;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private NpyHeader(NpyNumbers numbers, bool isFortranOrder, long[] shape)
    {
        Numbers = numbers;
        IsFortranOrder = isFortranOrder;
        Shape = shape;
    }

    /// <summary>How the numbers are stored.</summary>
    public NpyNumbers Numbers { get; }

    /// <summary>Whether the first axis varies fastest.</summary>
    public bool IsFortranOrder { get; }

    /// <summary>The sizes of the axes.</summary>
    public long[] Shape { get; }

    /// <summary>Reads a header and checks that exactly its numbers follow.</summary>
    /// <param name="stream">At the first byte of the array; afterwards at its first number.</param>
    /// <param name="length">The bytes from there to the end of the array.</param>
    /// <param name="source">The name of the file in messages.</param>
    /// <exception cref="InrFileException">It breaks a rule of the format, or the length does not fit the shape.</exception>
    public static NpyHeader Read(Stream stream, long length, string source)
    {
        Span<byte> start = stackalloc byte[Magic.Length + 2];
        ReadPart(stream, start, ref length, source);
        if (!start.StartsWith(Magic))
            throw InputFile.Refuse(source, "it is not an NPY array.");
        int version = start[Magic.Length];
        if (version is not (1 or 2 or 3) || start[^1] != 0)
            throw InputFile.Refuse(source, $"it has the NPY version {version}.{start[^1]}; 1.0, 2.0 and 3.0 are supported.");

        Span<byte> size = stackalloc byte[version == 1 ? sizeof(ushort) : sizeof(uint)];
        ReadPart(stream, size, ref length, source);
        uint textBytes = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (textBytes > MaxTextBytes)
            throw InputFile.Refuse(source, $"its NPY header has {textBytes} bytes; at most {MaxTextBytes} are allowed.");
        byte[] text = new byte[Math.Min(textBytes, length)];
        if (text.Length < textBytes)
            throw Truncated(source);
        ReadPart(stream, text, ref length, source);
        // Version 3.0 differs from 2.0 in the encoding of its text alone.
        return Parse((version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), length, source);
    }

    /// <summary>The bytes of a version 1.0 header for a tensor in row-major order.</summary>
    /// <exception cref="ArgumentException">The format, as read here, lacks the type.</exception>
    public static byte[] Build(Tensor tensor)
    {
        string descriptor = NpyNumbers.DescriptorOf(tensor.dtype)
            ?? throw new ArgumentException($"The tensor is {tensor.dtype}, which NPY files lack. Convert it first, for example to Float32.", nameof(tensor));
        string shape = string.Join(", ", tensor.shape) + (tensor.dim() == 1 ? "," : "");
        string text = $"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': ({shape}), }}";
        int prefix = Magic.Length + 2 + sizeof(ushort);
        int total = (prefix + text.Length + Alignment) / Alignment * Alignment;
        byte[] header = new byte[total];
        Magic.CopyTo(header, 0);
        header[Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(Magic.Length + 2), (ushort)(total - prefix));
        Encoding.Latin1.GetBytes(text.PadRight(total - prefix - 1) + '\n').CopyTo(header, prefix);
        return header;
    }

    private static NpyHeader Parse(string text, long dataBytes, string source)
    {
        Dictionary<string, object> fields;
        try
        {
            fields = PythonLiteral.ParseDictionary(text);
        }
        catch (FormatException e)
        {
            throw InputFile.Refuse(source, $"its NPY header is malformed: {e.Message}", e);
        }

        if (fields.Count != 3
            || fields.GetValueOrDefault("descr") is not string descriptor
            || fields.GetValueOrDefault("fortran_order") is not bool isFortranOrder
            || fields.GetValueOrDefault("shape") is not long[] shape)
        {
            throw InputFile.Refuse(source, "its NPY header does not have exactly the fields descr, fortran_order and shape.");
        }

        if (NpyNumbers.Find(descriptor) is not { } numbers)
            throw InputFile.Refuse(source, $"its numbers are {InputFile.Quote(descriptor)}; read are {NpyNumbers.Known} of either byte order, and no objects, text, dates or complex numbers.");
        if (shape.Length > TensorBytes.MaxRank || TensorBytes.Count(shape, numbers.Size) is not { } expected)
            throw InputFile.Refuse(source, "its shape has too many axes or is too large.");
        if (expected != dataBytes)
            throw InputFile.Refuse(source, $"an array {descriptor} {Shapes.List(shape)} takes {expected} bytes, but {dataBytes} follow its header.");
        return new NpyHeader(numbers, isFortranOrder, shape);
    }

    private static void ReadPart(Stream stream, Span<byte> part, ref long length, string source)
    {
        if (length < part.Length)
            throw Truncated(source);
        stream.ReadExactly(part);
        length -= part.Length;
    }

    private static InrFileException Truncated(string source) => InputFile.Refuse(source, "it ends inside its NPY header.");
}
