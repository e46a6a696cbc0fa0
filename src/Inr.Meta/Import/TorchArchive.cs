using Inr.Files;

namespace Inr.Meta;

/// <summary>A file of <c>torch.save</c> of any age since 0.2, read as plain data. Nothing in it is run.</summary>
internal sealed class TorchArchive : IDisposable
{
    private readonly Stream _stream;
    private readonly TorchContainer _container;

    private TorchArchive(Stream stream, string source)
    {
        Source = source;
        _stream = stream;
        try
        {
            _container = Guard(Open);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The path, for messages.</summary>
    public string Source { get; }

    /// <summary>What was saved.</summary>
    public object? Root => _container.Root;

    /// <summary>Opens a file and reads its structure; tensors are read one by one afterwards.</summary>
    /// <exception cref="InrFileException">It is missing, damaged, truncated, of another format, or names anything that is not plain data.</exception>
    public static TorchArchive Open(string path) => new(InputFile.Open(path), path);

    /// <summary>Reads the structure of a file in a stream that can seek; the archive owns it.</summary>
    /// <exception cref="InrFileException">It is damaged, truncated, of another format, or names anything that is not plain data.</exception>
    public static TorchArchive Open(Stream stream, string source) => new(stream, source);

    /// <summary>Reads a tensor.</summary>
    /// <returns>A contiguous tensor on the CPU, in the type of the file; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="InrFileException">Its numbers are missing or damaged.</exception>
    public Tensor Read(PickledTensor tensor) => Guard(() =>
    {
        if (tensor.Span == 0)
            return empty(tensor.Shape, dtype: tensor.Storage.Type, device: CPU);
        using var scope = NewDisposeScope();
        var numbers = _container.Read(tensor.Storage, tensor.Storage.Start + tensor.Offset, tensor.Span);
        return numbers.as_strided(tensor.Shape, tensor.Strides, 0).contiguous().clone().MoveToOuterDisposeScope();
    });

    /// <summary>The exception that says why this file is refused.</summary>
    public InrFileException Refuse(string reason, Exception? innerException = null) => InputFile.Refuse(Source, reason, innerException);

    /// <inheritdoc/>
    public void Dispose()
    {
        _container?.Dispose();
        _stream.Dispose();
    }

    private TorchContainer Open()
    {
        Span<byte> start = stackalloc byte[4];
        int count = _stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        _stream.Position = 0;
        if (count == 4 && start.SequenceEqual("PK\u0003\u0004"u8))
            return new TorchZip(_stream);
        return count > 0 && start[0] == (byte)PickleOpcode.Proto
            ? new TorchStream(_stream)
            : throw Refuse("it is not a zip archive, and does not begin with a pickle, so it is not a file of torch.save. Files of PyTorch before 0.2 are tar archives: load those there and save them again.");
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or IOException or InvalidDataException or NotSupportedException or ArgumentException)
        {
            throw Refuse(e is FormatException ? e.Message : $"it is truncated or damaged: {e.Message}", e);
        }
    }
}
