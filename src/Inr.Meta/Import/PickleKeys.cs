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
        long number => HashCode.Combine(number),
        double number => HashCode.Combine(number),
        bool flag => flag ? 1 : 0,
        _ => RuntimeHelpers.GetHashCode(obj),
    };
}
