using System.Collections.Concurrent;
using System.Text.Json;
using Inr.Files;

namespace Inr;

/// <summary>The kinds of storage that files can name: kind → reader.</summary>
/// <remarks>A file names a kind, plain options and parts; only code that an application registered can run for it.</remarks>
public static class StorageRegistry
{
    private static readonly ConcurrentDictionary<string, Func<IReadOnlyList<long>, StorageParts, TensorStorage>> Readers = new(StringComparer.Ordinal)
    {
        [DenseStorage.KindName] = DenseStorage.Read,
        [HalfStorage.KindName] = HalfStorage.Read,
        [MaskedStorage.KindName] = MaskedStorage.Read,
        [QuantizedStorage.KindName] = QuantizedStorage.Read,
        [EntropyCodedStorage.KindName] = EntropyCodedStorage.Read,
        [BytesStorage.KindName] = BytesStorage.Read,
        [CodedStorage.KindName] = CodedStorage.Read,
    };

    /// <summary>The registered kinds, in alphabetical order.</summary>
    public static IReadOnlyList<string> Kinds => [.. Readers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes a kind known; a second call with the same kind replaces the first.</summary>
    /// <param name="kind">Lower-case words joined by hyphens.</param>
    /// <param name="read">
    /// Makes the storage from the shape that the target function asks for and what a file holds. It treats both as hostile:
    /// it takes every part, compares counts before it allocates, and throws <see cref="FormatException"/> where they do not
    /// fit. The tensors of the parts belong to the call: keep a copy, or detach them from their scope.
    /// </param>
    public static void Register(string kind, Func<IReadOnlyList<long>, StorageParts, TensorStorage> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(read);
        Readers[kind] = read;
    }

    /// <summary>Makes a storage from what a file holds.</summary>
    /// <param name="kind">The kind that the file names.</param>
    /// <param name="shape">The shape that the storage must decode to.</param>
    /// <param name="parts">Its options and parts.</param>
    /// <exception cref="InrFileException">The kind is unknown (the message lists the known ones), a part is missing or left over, or options and parts are invalid.</exception>
    public static TensorStorage Read(string kind, IReadOnlyList<long> shape, StorageParts parts)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(parts);
        if (!Readers.TryGetValue(kind, out var read))
            throw new InrFileException($"The storage {InputFile.Quote(kind)} is not known here; known are {string.Join(", ", Kinds)}. Register it with StorageRegistry.Register before loading.");
        TensorStorage storage;
        try
        {
            storage = read(shape, parts);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or OverflowException or NullReferenceException)
        {
            throw new InrFileException($"The storage '{kind}' is invalid: {e.Message}", e);
        }

        string[] left = [.. parts.Untaken];
        if (left.Length == 0 && storage.Shape.SequenceEqual(shape))
            return storage;
        string reason = left.Length > 0
            ? $"it has parts that it does not use: {string.Join(", ", left.Select(InputFile.Quote))}."
            : $"it decodes to {Shapes.List(storage.Shape)} but {Shapes.List(shape)} is needed.";
        storage.Dispose();
        throw new InrFileException($"The storage '{kind}' is invalid: {reason}");
    }
}
