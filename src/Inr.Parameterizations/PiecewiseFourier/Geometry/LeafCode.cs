namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>What a leaf holds besides its prefix of cosines.</summary>
[Flags]
internal enum LeafKind
{
    /// <summary>One region, one prefix.</summary>
    Plain = 0,

    /// <summary>Single terms outside the prefix, each stored as an index and a coefficient.</summary>
    Extras = 1,

    /// <summary>A cut into two regions, each with a prefix of its own.</summary>
    Cut = 2,

    /// <summary>The cut is curved; with <see cref="Cut"/> only.</summary>
    Curved = 4,
}

/// <summary>The number that stands for one node of a tree: an index into the dictionary of node kinds.</summary>
/// <remarks>
/// In d dimensions, 0 … d−1 halve the box along that axis, and <c>d + 4·order + kind</c> is a leaf whose regions take their
/// terms in that order of <see cref="PrefixOrders"/>; leaves with a curved cut follow behind those of all orders, as
/// <c>d + 4·orders + 2·order + (1 with single terms)</c>. A node costs this one number, split or leaf.
/// </remarks>
internal static class LeafCode
{
    private const int Kinds = 4;

    private const int CurvedKinds = 2;

    /// <summary>The code of a leaf.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="orders">The number of orders in the dictionary.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="order">Its order.</param>
    public static int Encode(int dimension, int orders, LeafKind kind, int order) => kind.HasFlag(LeafKind.Curved)
        ? dimension + (orders * Kinds) + (order * CurvedKinds) + (int)(kind & LeafKind.Extras)
        : dimension + (order * Kinds) + (int)kind;

    /// <summary>The kind and the order of a leaf.</summary>
    public static (LeafKind Kind, int Order) Decode(int dimension, int orders, int code)
    {
        int leaf = code - dimension, curved = leaf - (orders * Kinds);
        return curved < 0
            ? ((LeafKind)(leaf % Kinds), leaf / Kinds)
            : (LeafKind.Cut | LeafKind.Curved | (LeafKind)(curved % CurvedKinds), curved / CurvedKinds);
    }

    /// <summary>The number of codes.</summary>
    public static int Count(int dimension, int orders) => dimension + (orders * (Kinds + CurvedKinds));
}
