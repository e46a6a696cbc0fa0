namespace Inr.Meta;

/// <summary>A block of numbers outside the pickle, or a part of one.</summary>
/// <param name="Key">The name of the block.</param>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Size">Bytes per number.</param>
/// <param name="WholeCount">The numbers that the block claims to hold.</param>
/// <param name="Start">Where this part begins, in numbers.</param>
/// <param name="Count">The numbers of this part.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, int Size, long WholeCount, long Start, long Count)
{
    /// <summary>The bytes of the whole block.</summary>
    public long WholeBytes => WholeCount * Size;

    /// <summary>Reads what a pickle says about a storage.</summary>
    /// <param name="id">The tuple (storage, type, key, device, count), in the older format with a view (key, start, count) or None behind it.</param>
    /// <exception cref="FormatException">It is something else, or its numbers overflow.</exception>
    public static PickledStorage Read(object? id)
    {
        if (id is object?[] and ["module", ..])
            throw new FormatException("it holds a whole model with its code; save its state_dict() instead. Nothing was run.");
        if (id is not (object?[] and ["storage", PickleGlobal { Meaning: PickleMeaning.Storage } type, string key, string, long and >= 0 and var count, .. var view]))
            throw new FormatException("its pickle refers to something that is not a storage of numbers.");
        if (count > long.MaxValue / type.Size)
            throw new FormatException($"a storage claims {count} numbers.");
        return view switch
        {
            [] or [null] => new PickledStorage(key, type.Type, type.Size, count, 0, count),
            [object?[] and [string, long and >= 0 and var start, long and >= 0 and var part]] when start <= count && part <= count - start =>
                new PickledStorage(key, type.Type, type.Size, count, start, part),
            _ => throw new FormatException("a view of a storage lies outside it."),
        };
    }
}
