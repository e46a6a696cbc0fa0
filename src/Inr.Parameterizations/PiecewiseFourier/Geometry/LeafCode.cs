namespace Inr.Piecewise;

/// <summary>What a leaf holds besides its prefix of cosines.</summary>
[Flags]
internal enum LeafKind
{
    /// <summary>One region, one prefix.</summary>
    Plain = 0,

    /// <summary>Single terms outside the prefix, each stored as an index and a coefficient.</summary>
    Extras = 1,

    /// <summary>A straight cut into two regions, each with a prefix of its own.</summary>
    Cut = 2,
}

/// <summary>The number that stands for one node of a tree: an index into the dictionary of node kinds.</summary>
/// <remarks>
/// In d dimensions, 0 … d−1 halve the box along that axis, and <c>d + 4·order + kind</c> is a leaf whose regions take their
/// terms in that order of <see cref="PrefixOrders"/>. A node costs this one number, split or leaf.
/// </remarks>
internal static class LeafCode
{
    private const int Kinds = 4;

    /// <summary>The code of a leaf.</summary>
    public static int Encode(int dimension, LeafKind kind, int order) => dimension + (order * Kinds) + (int)kind;

    /// <summary>The kind and the order of a leaf.</summary>
    public static (LeafKind Kind, int Order) Decode(int dimension, int code) =>
        ((LeafKind)((code - dimension) % Kinds), (code - dimension) / Kinds);

    /// <summary>The number of codes.</summary>
    public static int Count(int dimension, int orders) => dimension + (orders * Kinds);
}
