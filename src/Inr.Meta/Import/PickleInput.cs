using System.Text;

namespace Inr.Meta;

/// <summary>The bytes of a pickle, read from a stream as they are needed; what follows the pickle stays where it is known to begin.</summary>
internal sealed class PickleInput
{
    private const int BufferBytes = 1 << 14;
    private const int LongestLine = 1 << 12;

    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private int _start;
    private int _end;
    private long _unread;

    /// <summary>Reads from the current position of a stream.</summary>
    /// <param name="stream">It stays open.</param>
    /// <param name="length">The most bytes to read.</param>
    public PickleInput(Stream stream, long length)
    {
        _stream = stream;
        _unread = length;
        _buffer = new byte[Math.Min(length, BufferBytes)];
    }

    /// <summary>The bytes that were taken so far.</summary>
    public long Taken { get; private set; }

    private long Left => _unread + _end - _start;

    /// <summary>Takes one byte.</summary>
    public byte Byte()
    {
        Require(1);
        Fill(1);
        Taken++;
        return _buffer[_start++];
    }

    /// <summary>Takes some bytes.</summary>
    /// <returns>They are valid until the next call.</returns>
    public ReadOnlySpan<byte> Bytes(long count)
    {
        Require(count);
        if (count > _buffer.Length)
        {
            // The file has these bytes, so that it may ask for them.
            var large = new byte[count];
            int ready = _end - _start;
            _buffer.AsSpan(_start, ready).CopyTo(large);
            _stream.ReadExactly(large.AsSpan(ready));
            _unread -= count - ready;
            _start = _end = 0;
            Taken += count;
            return large;
        }

        Fill((int)count);
        var bytes = _buffer.AsSpan(_start, (int)count);
        _start += (int)count;
        Taken += count;
        return bytes;
    }

    /// <summary>Leaves out some bytes.</summary>
    public void Skip(ulong count)
    {
        if (count > (ulong)Left)
            throw Truncated();
        for (long left = (long)count; left > 0;)
        {
            int piece = (int)Math.Min(left, _buffer.Length);
            Bytes(piece);
            left -= piece;
        }
    }

    /// <summary>Takes text up to the end of a line.</summary>
    public string Line()
    {
        var line = new List<byte>();
        for (byte next; (next = Byte()) != (byte)'\n';)
        {
            if (line.Count == LongestLine)
                throw new FormatException("its pickle is damaged: a name does not end.");
            line.Add(next);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    private void Require(long count)
    {
        if (count > Left)
            throw Truncated();
    }

    private void Fill(int count)
    {
        if (_end - _start >= count)
            return;
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            int read = _stream.Read(_buffer, _end, (int)Math.Min(_unread, _buffer.Length - _end));
            if (read == 0)
                throw Truncated();
            _end += read;
            _unread -= read;
        }
    }

    private static FormatException Truncated() => new("its pickle is truncated.");
}
