using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Inr.Meta;

/// <summary>Reads the pickle of a checkpoint as data: plain containers, numbers, strings and tensors. It can call nothing.</summary>
/// <remarks>
/// Values are null, bool, long, double, string, <c>object?[]</c> (tuple), <see cref="List{T}"/>,
/// <see cref="PickledDictionary"/>, <see cref="PickledStorage"/>, <see cref="PickledTensor"/> and <see cref="PickleGlobal"/>.
/// A value that the pickle names twice is one object here too. Work and memory grow with the length of the data alone:
/// every operation reads at least one byte and makes at most one object, and nothing recurses.
/// </remarks>
internal ref struct PickleMachine
{
    private static readonly object MarkValue = new();

    private readonly ReadOnlySpan<byte> _data;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _position;

    private PickleMachine(ReadOnlySpan<byte> data) => _data = data;

    /// <summary>Reads a pickle.</summary>
    /// <exception cref="FormatException">It is truncated or damaged, or holds anything that is not plain data; the message names it.</exception>
    public static object? Read(ReadOnlySpan<byte> data)
    {
        var machine = new PickleMachine(data);
        return machine.Run();
    }

    private object? Run()
    {
        while (true)
        {
            var opcode = (PickleOpcode)Byte();
            if (opcode == PickleOpcode.Stop)
                return _stack.Count == 1 ? Pop() : throw new FormatException("its pickle leaves more than one value.");
            Execute(opcode);
        }
    }

    private void Execute(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                if (Byte() is var version and > 5)
                    throw new FormatException($"its pickle has the unknown protocol {version}.");
                break;
            case PickleOpcode.Mark:
                _stack.Add(MarkValue);
                break;
            case PickleOpcode.None:
                _stack.Add(null);
                break;
            case PickleOpcode.NewTrue:
                _stack.Add(true);
                break;
            case PickleOpcode.NewFalse:
                _stack.Add(false);
                break;
            case PickleOpcode.BinInt1:
                _stack.Add((long)Byte());
                break;
            case PickleOpcode.BinInt2:
                _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                break;
            case PickleOpcode.BinInt:
                _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                break;
            case PickleOpcode.Long1:
                _stack.Add(Long(Bytes(Byte())));
                break;
            case PickleOpcode.BinFloat:
                _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                break;
            case PickleOpcode.BinUnicode:
                _stack.Add(Text());
                break;
            case PickleOpcode.EmptyTuple:
                _stack.Add(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                _stack.Add(Take(opcode - PickleOpcode.Tuple1 + 1));
                break;
            case PickleOpcode.Tuple:
                _stack.Add(TakeToMark());
                break;
            case PickleOpcode.EmptyList:
                _stack.Add(new List<object?>());
                break;
            case PickleOpcode.EmptyDict:
                _stack.Add(new PickledDictionary());
                break;
            case PickleOpcode.Append:
                Extend(Take(1));
                break;
            case PickleOpcode.Appends:
                Extend(TakeToMark());
                break;
            case PickleOpcode.SetItem:
                Set(Take(2));
                break;
            case PickleOpcode.SetItems:
                Set(TakeToMark());
                break;
            case PickleOpcode.BinPut:
                _memo[Byte()] = Peek();
                break;
            case PickleOpcode.LongBinPut:
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek();
                break;
            case PickleOpcode.BinGet:
                _stack.Add(Recall(Byte()));
                break;
            case PickleOpcode.LongBinGet:
                _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case PickleOpcode.Global:
                _stack.Add(Global(Line(), Line()));
                break;
            case PickleOpcode.BinPersistentId:
                _stack.Add(Storage(Pop()));
                break;
            case PickleOpcode.Reduce:
                Reduce();
                break;
            case PickleOpcode.Build:
                Build();
                break;
            default:
                throw new FormatException($"its pickle uses the operation 0x{(byte)opcode:x2}, which no checkpoint of tensors needs.");
        }
    }

    // Names are compared, never resolved: what is not on the list does not exist.
    private static object Global(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => PickleGlobal.OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2") => PickleGlobal.RebuildTensor,
        ("torch", "FloatStorage") => PickleGlobal.FloatStorage,
        _ => throw new FormatException($"its pickle names '{Printable(module)}.{Printable(name)}', which is not allowed; a checkpoint may only name collections.OrderedDict, torch._utils._rebuild_tensor_v2 and torch.FloatStorage. Nothing was run."),
    };

    private static PickledStorage Storage(object? id) => id is object?[] and ["storage", PickleGlobal.FloatStorage, string key, string, long and >= 0 and var count]
        ? new PickledStorage(key, count)
        : throw new FormatException("its pickle refers to something that is not a float32 storage.");

    private void Reduce()
    {
        object? arguments = Pop();
        object? function = Pop();
        _stack.Add((function, arguments) switch
        {
            (PickleGlobal.OrderedDict, object?[] and []) => new PickledDictionary(),
            (PickleGlobal.RebuildTensor, object?[] and [PickledStorage storage, long offset, object?[] shape, object?[] strides, bool, ..]) =>
                PickledTensor.Create(storage, offset, Sizes(shape), Sizes(strides)),
            (PickleGlobal, _) => throw new FormatException("its pickle builds a tensor or a dictionary from unexpected arguments."),
            _ => throw new FormatException("its pickle calls something that is not a function."),
        });
    }

    // PyTorch hangs a version table on a state dict; it is not needed, and nothing else may set attributes.
    private void Build()
    {
        object? state = Pop();
        if (Peek() is not PickledDictionary || state is not PickledDictionary)
            throw new FormatException("its pickle sets attributes of something that is not a state dict.");
    }

    private static long[] Sizes(object?[] values) => Array.ConvertAll(values, v => v as long? ?? throw new FormatException("a tensor has a size that is not a whole number."));

    private void Extend(object?[] items)
    {
        if (Peek() is not List<object?> list)
            throw new FormatException("its pickle appends to something that is not a list.");
        list.AddRange(items);
    }

    private void Set(object?[] items)
    {
        if (items.Length % 2 != 0 || Peek() is not PickledDictionary dictionary)
            throw new FormatException("its pickle sets items of something that is not a dictionary.");
        for (int i = 0; i < items.Length; i += 2)
            dictionary.Add(items[i], items[i + 1]);
    }

    private object?[] TakeToMark()
    {
        int mark = _stack.LastIndexOf(MarkValue);
        if (mark < 0)
            throw Damaged();
        object?[] items = Take(_stack.Count - mark - 1);
        _stack.RemoveAt(mark);
        return items;
    }

    private object?[] Take(int count)
    {
        int start = _stack.Count - count;
        if (start < 0)
            throw Damaged();
        object?[] items = _stack.GetRange(start, count).ToArray();
        _stack.RemoveRange(start, count);
        return Array.IndexOf(items, MarkValue) < 0 ? items : throw Damaged();
    }

    private object? Pop() => Take(1)[0];

    private readonly object? Peek() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], MarkValue) ? _stack[^1] : throw Damaged();

    private readonly object? Recall(uint index) => _memo.TryGetValue(index, out object? value) ? value : throw Damaged();

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _data.Length - _position)
            throw new FormatException("its pickle is truncated.");
        _position += count;
        return _data.Slice(_position - count, count);
    }

    private string Text()
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
        return Encoding.UTF8.GetString(Bytes((int)Math.Min(length, int.MaxValue)));
    }

    private string Line()
    {
        int length = _data[_position..].IndexOf((byte)'\n');
        if (length < 0)
            throw new FormatException("its pickle is truncated.");
        string line = Encoding.UTF8.GetString(Bytes(length));
        _position++;
        return line;
    }

    private static long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
            throw new FormatException("its pickle holds a whole number of more than 64 bits.");
        long value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value |= (long)bytes[i] << (8 * i);
        int unused = 64 - 8 * bytes.Length;
        return bytes.Length is 0 or 8 ? value : value << unused >> unused;
    }

    private static string Printable(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? "?" : c.ToString(CultureInfo.InvariantCulture)));

    private static FormatException Damaged() => new("its pickle is damaged.");
}
