using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Inr.Meta;

/// <summary>Reads the pickle of a checkpoint as data: plain containers, numbers, strings and tensors. It can call nothing.</summary>
/// <remarks>
/// Values are null, bool, long, <see cref="BigInteger"/>, double, string, <c>object?[]</c> (tuple), <see cref="List{T}"/>,
/// <see cref="PickledDictionary"/>, <see cref="PickledStorage"/>, <see cref="PickledTensor"/>, <see cref="PickleGlobal"/>
/// and <see cref="PickledOpaque"/>. A value that the pickle names twice is one object here too. Nothing recurses, and what is
/// built is bounded by the bytes read so far (<see cref="PickleBudget"/>). Protocols 2 to 5.
/// </remarks>
internal sealed class PickleMachine
{
    private static readonly object MarkValue = new();
    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly object[] Small = [.. Enumerable.Range(0, 256).Select(n => (object)(long)n)];

    private readonly PickleInput _input;
    private readonly PickleBudget _budget;
    private readonly List<object?> _stack = [];
    private readonly List<object?> _memo = [];
    private readonly Dictionary<uint, object?> _sparseMemo = [];
    private readonly Dictionary<string, PickledStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Prepares to read.</summary>
    public PickleMachine(PickleInput input)
    {
        _input = input;
        _budget = new PickleBudget(input);
    }

    /// <summary>The storages that the pickle refers to, by name: the first reference to each.</summary>
    public IReadOnlyDictionary<string, PickledStorage> Storages => _storages;

    /// <summary>Reads a pickle.</summary>
    /// <exception cref="FormatException">It is truncated or damaged, builds too much, or holds anything that is not plain data; the message names it.</exception>
    public object? Run()
    {
        while (true)
        {
            var opcode = (PickleOpcode)_input.Byte();
            if (opcode == PickleOpcode.Stop)
                return _stack.Count == 1 ? Pop() : throw new FormatException("its pickle leaves more than one value.");
            if (!Number(opcode) && !Text(opcode) && !Container(opcode) && !Memory(opcode))
                Meaning(opcode);
        }
    }

    private bool Number(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None:
                Push(null);
                break;
            case PickleOpcode.NewTrue:
                Push(True);
                break;
            case PickleOpcode.NewFalse:
                Push(False);
                break;
            case PickleOpcode.BinInt1:
                Push(Small[_input.Byte()]);
                break;
            case PickleOpcode.BinInt2:
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(_input.Bytes(2)), PickleBudget.Box);
                break;
            case PickleOpcode.BinInt:
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(_input.Bytes(4)), PickleBudget.Box);
                break;
            case PickleOpcode.Long1:
                Push(Whole(_input.Bytes(_input.Byte())), PickleBudget.Box);
                break;
            case PickleOpcode.Long4:
                Push(Whole(_input.Bytes(Length())), PickleBudget.Box);
                break;
            case PickleOpcode.BinFloat:
                Push(BinaryPrimitives.ReadDoubleBigEndian(_input.Bytes(8)), PickleBudget.Box);
                break;
            default:
                return false;
        }

        return true;
    }

    private bool Text(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.ShortBinUnicode or PickleOpcode.ShortBinString:
                PushText(_input.Byte());
                break;
            case PickleOpcode.BinUnicode:
                PushText(BinaryPrimitives.ReadUInt32LittleEndian(_input.Bytes(4)));
                break;
            case PickleOpcode.BinUnicode8:
                PushText((long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(_input.Bytes(8)), long.MaxValue));
                break;
            case PickleOpcode.BinString:
                PushText(Length());
                break;
            case PickleOpcode.ShortBinBytes:
                PushBytes(_input.Byte());
                break;
            case PickleOpcode.BinBytes:
                PushBytes(BinaryPrimitives.ReadUInt32LittleEndian(_input.Bytes(4)));
                break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8:
                PushBytes(BinaryPrimitives.ReadUInt64LittleEndian(_input.Bytes(8)));
                break;
            default:
                return false;
        }

        return true;
    }

    private bool Container(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                Push(MarkValue);
                break;
            case PickleOpcode.EmptyTuple:
                Push(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                PushTuple(Take(opcode - PickleOpcode.Tuple1 + 1));
                break;
            case PickleOpcode.Tuple:
                PushTuple(TakeToMark());
                break;
            case PickleOpcode.EmptyList:
                Push(new List<object?>(), PickleBudget.List);
                break;
            case PickleOpcode.EmptyDict:
                Push(new PickledDictionary(), PickleBudget.Dictionary);
                break;
            case PickleOpcode.EmptySet:
                Push(PickleReduction.Set);
                break;
            case PickleOpcode.FrozenSet:
                TakeToMark();
                Push(PickleReduction.Set);
                break;
            case PickleOpcode.Append:
                Extend(Take(1));
                break;
            case PickleOpcode.Appends:
                Extend(TakeToMark());
                break;
            case PickleOpcode.AddItems:
                TakeToMark();
                if (Peek() is not PickledOpaque)
                    throw new FormatException("its pickle adds to something that is not a set.");
                break;
            case PickleOpcode.SetItem:
                Set(Take(2));
                break;
            case PickleOpcode.SetItems:
                Set(TakeToMark());
                break;
            default:
                return false;
        }

        return true;
    }

    private bool Memory(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Pop:
                Pop();
                break;
            case PickleOpcode.PopMark:
                TakeToMark();
                break;
            case PickleOpcode.Dup:
                Push(Peek());
                break;
            case PickleOpcode.Memoize:
                Remember((uint)(_memo.Count + _sparseMemo.Count));
                break;
            case PickleOpcode.BinPut:
                Remember(_input.Byte());
                break;
            case PickleOpcode.LongBinPut:
                Remember(BinaryPrimitives.ReadUInt32LittleEndian(_input.Bytes(4)));
                break;
            case PickleOpcode.BinGet:
                Push(Recall(_input.Byte()));
                break;
            case PickleOpcode.LongBinGet:
                Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(_input.Bytes(4))));
                break;
            case PickleOpcode.Proto:
                if (_input.Byte() is var version and > 5)
                    throw new FormatException($"its pickle has the unknown protocol {version}.");
                break;
            case PickleOpcode.Frame:
                // How the writer cut its output; the operations go on across it.
                _input.Bytes(8);
                break;
            default:
                return false;
        }

        return true;
    }

    private void Meaning(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                Push(PickleGlobal.Find(_input.Line(), _input.Line()));
                break;
            case PickleOpcode.StackGlobal:
                Push(Take(2) is [string module, string name] ? PickleGlobal.Find(module, name) : throw new FormatException("its pickle names something by values that are not text."));
                break;
            case PickleOpcode.BinPersistentId:
                PushStorage(PickledStorage.Read(Pop()));
                break;
            case PickleOpcode.Reduce:
                object?[] call = Take(2);
                // The one call that copies what it is given, which the pickle may give again and again.
                if (call[1] is object?[] and [List<object?> pairs])
                    _budget.Spend(PickleBudget.Item * (long)pairs.Count);
                Push(PickleReduction.Call(call[0], call[1]), PickleBudget.Tensor);
                break;
            case PickleOpcode.NewObject:
                object?[] type = Take(2);
                Push(PickleReduction.Create(type[0], (byte)opcode), PickleBudget.Dictionary);
                break;
            case PickleOpcode.NewObjectEx:
                object?[] typeWithNames = Take(3);
                Push(PickleReduction.Create(typeWithNames[0], (byte)opcode), PickleBudget.Dictionary);
                break;
            case PickleOpcode.Build:
                object? state = Pop();
                PickleReduction.RequireState(Peek(), state);
                break;
            default:
                throw new FormatException($"its pickle uses the operation 0x{(byte)opcode:x2}, which no checkpoint of tensors needs.");
        }
    }

    private void Push(object? value, int cost = 0)
    {
        _budget.Spend(PickleBudget.Slot + cost);
        _stack.Add(value);
    }

    private void PushText(long length)
    {
        var bytes = _input.Bytes(length);
        _budget.Spend(2 * length);
        Push(Encoding.UTF8.GetString(bytes), PickleBudget.Text);
    }

    private void PushBytes(ulong length)
    {
        _input.Skip(length);
        Push(PickleReduction.Bytes);
    }

    private void PushTuple(object?[] items) => Push(items, PickleBudget.List + (PickleBudget.Slot * items.Length));

    private void PushStorage(PickledStorage storage)
    {
        if (!_storages.TryAdd(storage.Key, storage) && (_storages[storage.Key].Size != storage.Size || _storages[storage.Key].WholeCount != storage.WholeCount))
            throw new FormatException($"its pickle describes the storage {Files.InputFile.Quote(storage.Key)} in two ways.");
        Push(storage, PickleBudget.Tensor);
    }

    private void Extend(object?[] items)
    {
        _budget.Spend(PickleBudget.Slot * (long)items.Length);
        if (Peek() is List<object?> list)
            list.AddRange(items);
        else if (Peek() is not PickledOpaque)
            throw new FormatException("its pickle appends to something that is not a list.");
    }

    private void Set(object?[] items)
    {
        _budget.Spend(PickleBudget.Item * (long)(items.Length / 2));
        if (Peek() is PickledOpaque)
            return;
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
        object?[] items = count == 0 ? [] : _stack.GetRange(start, count).ToArray();
        _stack.RemoveRange(start, count);
        return Array.IndexOf(items, MarkValue) < 0 ? items : throw Damaged();
    }

    private object? Pop() => Take(1)[0];

    private object? Peek() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], MarkValue) ? _stack[^1] : throw Damaged();

    // Writers number their memo from 0 on; only a strange one needs more than a list.
    private void Remember(uint index)
    {
        object? value = Peek();
        if (index < _memo.Count)
        {
            _memo[(int)index] = value;
        }
        else if (index == _memo.Count && _sparseMemo.Count == 0)
        {
            _budget.Spend(PickleBudget.Slot);
            _memo.Add(value);
        }
        else
        {
            _budget.Spend(PickleBudget.Item);
            _sparseMemo[index] = value;
        }
    }

    private object? Recall(uint index) => index < _memo.Count
        ? _memo[(int)index]
        : _sparseMemo.TryGetValue(index, out object? value) ? value : throw Damaged();

    private int Length() => BinaryPrimitives.ReadInt32LittleEndian(_input.Bytes(4)) is var length and >= 0 ? length : throw Damaged();

    // A whole number: of 64 bits, where it fits, as everything else expects it.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1859", Justification = "It gives one of two types.")]
    private object Whole(ReadOnlySpan<byte> bytes)
    {
        _budget.Spend(2 * bytes.Length);
        var value = new BigInteger(bytes);
        if (value >= long.MinValue && value <= long.MaxValue)
            return (long)value;
        return value;
    }

    private static FormatException Damaged() => new("its pickle is damaged.");
}
