namespace Inr.Meta;

/// <summary>What a pickle may build, in bytes of memory: 16 MiB, 32 bytes for each of the first 2 MiB read of it, and 16 for each one more.</summary>
/// <remarks>
/// A pickle of n bytes can ask for n objects of a hundred bytes each. Pickles of checkpoints, which are names, numbers and
/// tensors, need six to ten times their length.
/// </remarks>
internal sealed class PickleBudget(PickleInput input)
{
    /// <summary>A place on the stack, in a list or in a tuple.</summary>
    public const int Slot = 16;

    /// <summary>A number as an object.</summary>
    public const int Box = 24;

    /// <summary>Text without its characters.</summary>
    public const int Text = 24;

    /// <summary>An empty list or tuple.</summary>
    public const int List = 32;

    /// <summary>An empty dictionary, or a small object.</summary>
    public const int Dictionary = 40;

    /// <summary>An item of a dictionary.</summary>
    public const int Item = 80;

    /// <summary>A tensor or a storage: not its numbers, which lie outside the pickle.</summary>
    public const int Tensor = 160;

    private const long Always = 16 << 20;
    private const long FirstBytes = 2 << 20;
    private const long PerFirstByte = 32;
    private const long PerByte = 16;

    private long _spent;

    /// <summary>Notes memory that is about to be taken.</summary>
    /// <exception cref="FormatException">It is more than the pickle may build.</exception>
    public void Spend(long bytes)
    {
        _spent += bytes;
        long first = Math.Min(input.Taken, FirstBytes);
        if (_spent > Always + (PerFirstByte * first) + (PerByte * (input.Taken - first)))
            throw new FormatException($"its first {input.Taken} bytes of structure would build more than {_spent >> 20} MiB; no checkpoint of tensors does.");
    }
}
