namespace Inr;

/// <summary>Writes what it is given as the data chunks of a PNG file; disposing of it writes the last one.</summary>
internal sealed class PngDataStream(Stream file) : Stream
{
    // A picture of usual size still has one chunk.
    private const int ChunkBytes = 1 << 20;

    private readonly byte[] _chunk = new byte[ChunkBytes];
    private int _length;
    private bool _begun;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_length == ChunkBytes)
                WriteChunk();
            int count = Math.Min(ChunkBytes - _length, buffer.Length);
            buffer[..count].CopyTo(_chunk.AsSpan(_length));
            _length += count;
            buffer = buffer[count..];
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // A chunk is written when it is full.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && (_length > 0 || !_begun))
            WriteChunk();
        base.Dispose(disposing);
    }

    private void WriteChunk()
    {
        PngFormat.WriteChunk(file, "IDAT"u8, _chunk.AsSpan(0, _length));
        _begun = true;
        _length = 0;
    }
}
