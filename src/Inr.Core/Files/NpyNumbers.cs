using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Inr.Files;

/// <summary>The numbers of an NPY array: how its bytes hold them, and the tensor type that holds them all.</summary>
/// <remarks>libtorch has no unsigned types wider than a byte here, so that those widen: u2 to int32, u4 to int64, u8 to int64 where they fit.</remarks>
internal sealed class NpyNumbers
{
    // A span holds at most 2 GB, so that a larger tensor is swapped in pieces.
    private const long ElementsPerPiece = 1 << 27;

    // In the order in which messages list them. Bytes are read as the signed type of their width.
    private static readonly (string Code, int Size, ScalarType Bits, ScalarType Type)[] Table =
    [
        ("f2", 2, ScalarType.Float16, ScalarType.Float16),
        ("f4", 4, ScalarType.Float32, ScalarType.Float32),
        ("f8", 8, ScalarType.Float64, ScalarType.Float64),
        ("i1", 1, ScalarType.Int8, ScalarType.Int8),
        ("i2", 2, ScalarType.Int16, ScalarType.Int16),
        ("i4", 4, ScalarType.Int32, ScalarType.Int32),
        ("i8", 8, ScalarType.Int64, ScalarType.Int64),
        ("u1", 1, ScalarType.Byte, ScalarType.Byte),
        ("u2", 2, ScalarType.Int16, ScalarType.Int32),
        ("u4", 4, ScalarType.Int32, ScalarType.Int64),
        ("u8", 8, ScalarType.Int64, ScalarType.Int64),
        ("b1", 1, ScalarType.Bool, ScalarType.Bool),
    ];

    private readonly string _code;
    private readonly ScalarType _bits;
    private readonly bool _isBigEndian;

    private NpyNumbers(string code, int size, ScalarType bits, ScalarType type, bool isBigEndian)
    {
        _code = code;
        Size = size;
        _bits = bits;
        Type = type;
        _isBigEndian = isBigEndian;
    }

    /// <summary>The codes that are read, as messages list them.</summary>
    public static string Known => string.Join(", ", Table.Select(t => t.Code));

    /// <summary>Bytes per number in the file.</summary>
    public int Size { get; }

    /// <summary>The type of the tensor.</summary>
    public ScalarType Type { get; }

    /// <summary>Finds what a descriptor such as <c>&lt;f4</c> means; null where it is not read here.</summary>
    public static NpyNumbers? Find(string descriptor)
    {
        if (descriptor.Length != 3)
            return null;
        int i = Array.FindIndex(Table, t => descriptor.AsSpan(1).SequenceEqual(t.Code));
        // '|' says that there is no order, which only single bytes can say.
        if (i < 0 || !(descriptor[0] is '<' or '>' || (descriptor[0] == '|' && Table[i].Size == 1)))
            return null;
        return new NpyNumbers(Table[i].Code, Table[i].Size, Table[i].Bits, Table[i].Type, descriptor[0] == '>');
    }

    /// <summary>The descriptor to write for a tensor type; null where NPY lacks it.</summary>
    public static string? DescriptorOf(ScalarType type)
    {
        int i = Array.FindIndex(Table, t => t.Bits == type && t.Type == type);
        return i < 0 ? null : (Table[i].Size == 1 ? '|' : '<') + Table[i].Code;
    }

    /// <summary>Reads numbers from the current position. The shape must have been checked against the length of the stream.</summary>
    /// <returns>A tensor on the CPU; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="FormatException">A number does not fit the tensor's type.</exception>
    /// <exception cref="EndOfStreamException">The stream is shorter than it said.</exception>
    public Tensor Read(Stream stream, ReadOnlySpan<long> shape)
    {
        using var scope = NewDisposeScope();
        var tensor = TensorBytes.Read(stream, _bits, shape);
        if (_isBigEndian && Size > 1)
            ReverseBytes(tensor);
        return Widen(tensor).MoveToOuterDisposeScope();
    }

    private Tensor Widen(Tensor bits) => _code switch
    {
        "u2" => bits.to(ScalarType.Int32).bitwise_and_(0xffff),
        "u4" => bits.to(ScalarType.Int64).bitwise_and_(0xffff_ffffL),
        "u8" when bits.lt(0).any().item<bool>() => throw new FormatException("its unsigned numbers reach beyond 2^63-1, which no tensor here can hold."),
        _ => bits,
    };

    private void ReverseBytes(Tensor tensor)
    {
        long count = tensor.numel();
        var flat = tensor.view(-1);
        for (long start = 0; start < count; start += ElementsPerPiece)
        {
            var bytes = flat.narrow(0, start, Math.Min(ElementsPerPiece, count - start)).bytes;
            switch (Size)
            {
                case 2:
                    var twos = MemoryMarshal.Cast<byte, ushort>(bytes);
                    BinaryPrimitives.ReverseEndianness(twos, twos);
                    break;
                case 4:
                    var fours = MemoryMarshal.Cast<byte, uint>(bytes);
                    BinaryPrimitives.ReverseEndianness(fours, fours);
                    break;
                default:
                    var eights = MemoryMarshal.Cast<byte, ulong>(bytes);
                    BinaryPrimitives.ReverseEndianness(eights, eights);
                    break;
            }
        }
    }
}
