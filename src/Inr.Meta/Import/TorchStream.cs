using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Inr.Files;

namespace Inr.Meta;

/// <summary>The layout of torch.save before PyTorch 1.6, and of <c>_use_new_zipfile_serialization=False</c>: five pickles, then the numbers of all storages.</summary>
/// <remarks>
/// The pickles are a mark, the version of the layout, facts about the system, what was saved, and the names of the storages
/// in the order of their numbers; each storage is its count (8 bytes) and its numbers, little-endian on every system.
/// </remarks>
internal sealed class TorchStream : TorchContainer
{
    private const long Version = 1001;

    private static readonly BigInteger Mark = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly Stream _stream;
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

    /// <summary>Reads the structure of a file.</summary>
    /// <exception cref="FormatException">It is another file, or holds anything that is not plain data.</exception>
    public TorchStream(Stream stream)
    {
        _stream = stream;
        if (!BeginsWithMark())
            throw new FormatException("it is not a zip archive, and does not begin as files of PyTorch before 1.6 do, so it is not a file of torch.save.");
        if (Pickle(out _) is not Version)
            throw new FormatException($"its layout is not the version {Version} of torch.save.");
        if (Pickle(out _) is not PickledDictionary)
            throw new FormatException("it does not say on which system it was saved.");
        Root = Pickle(out var storages);
        if (Pickle(out _) is not List<object?> names)
            throw new FormatException("it does not list its storages.");
        Index(names, storages);
    }

    /// <inheritdoc/>
    public override Tensor Read(PickledStorage storage, long start, long count)
    {
        if (!_positions.TryGetValue(storage.Key, out long position))
            throw new FormatException($"the storage {InputFile.Quote(storage.Key)} is missing.");
        _stream.Position = position + (start * storage.Size);
        return ReadNumbers(_stream, storage, count);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        // The stream belongs to the archive.
    }

    private bool BeginsWithMark()
    {
        try
        {
            return Pickle(out _) is BigInteger mark && mark == Mark;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private object? Pickle(out IReadOnlyDictionary<string, PickledStorage> storages)
    {
        long start = _stream.Position;
        var input = new PickleInput(_stream, Math.Min(_stream.Length - start, MaxPickleBytes));
        var machine = new PickleMachine(input);
        object? value = machine.Run();
        storages = machine.Storages;
        _stream.Position = start + input.Taken;
        return value;
    }

    private void Index(List<object?> names, IReadOnlyDictionary<string, PickledStorage> storages)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        foreach (object? item in names)
        {
            if (item is not string name || !storages.TryGetValue(name, out var storage))
                throw new FormatException("it lists a storage that no tensor uses.");
            _stream.ReadExactly(prefix);
            long count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (count != storage.WholeCount || storage.WholeBytes > _stream.Length - _stream.Position)
                throw new FormatException($"the storage {InputFile.Quote(name)} has {count} numbers where {storage.WholeCount} are needed and {_stream.Length - _stream.Position} bytes are left; the file is truncated or damaged.");
            if (!_positions.TryAdd(name, _stream.Position))
                throw new FormatException($"the storage {InputFile.Quote(name)} occurs twice.");
            _stream.Position += storage.WholeBytes;
        }
    }
}
