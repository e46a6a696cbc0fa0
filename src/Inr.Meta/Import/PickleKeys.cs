using System.Runtime.CompilerServices;

namespace Inr.Meta;

/// <summary>Compares keys of a pickle's dictionaries: text and numbers by value, anything else as objects.</summary>
/// <remarks>The hash of a whole number is drawn anew by every process: a file cannot be made of keys that all collide.</remarks>
internal sealed class PickleKeys : IEqualityComparer<object>
{
    /// <summary>The one comparer.</summary>
    public static PickleKeys Instance { get; } = new();

    bool IEqualityComparer<object>.Equals(object? x, object? y) => x is string or long or double or bool ? x.Equals(y) : ReferenceEquals(x, y);

    int IEqualityComparer<object>.GetHashCode(object obj) => obj switch
    {
        string text => text.GetHashCode(StringComparison.Ordinal),
        // Of the halves: the hash of a long is their xor, which is easily the same for all.
        long number => HashCode.Combine((int)number, (int)(number >> 32)),
        double number => HashCode.Combine((int)BitConverter.DoubleToInt64Bits(number), (int)(BitConverter.DoubleToInt64Bits(number) >> 32)),
        bool flag => flag ? 1 : 0,
        _ => RuntimeHelpers.GetHashCode(obj),
    };
}
