using Inr.Files;

namespace Inr.Meta;

/// <summary>One of the two layouts of a file of torch.save: where its pickle is, and where the numbers of each storage are.</summary>
internal abstract class TorchContainer : IDisposable
{
    /// <summary>The longest pickle that is read; the numbers of tensors lie outside it.</summary>
    protected const long MaxPickleBytes = 64L << 20;

    /// <summary>What was saved.</summary>
    public object? Root { get; protected init; }

    /// <summary>Reads some numbers of a storage.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="start">The first number, counted from the beginning of the whole storage.</param>
    /// <param name="count">How many.</param>
    /// <returns>Shape [count], in the type of the storage; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="FormatException">The storage is missing or has another length.</exception>
    public abstract Tensor Read(PickledStorage storage, long start, long count);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Reads numbers from a stream that stands at the first of them.</summary>
    protected static Tensor ReadNumbers(Stream stream, PickledStorage storage, long count) => TensorBytes.Read(stream, storage.Type, [count]);
}
