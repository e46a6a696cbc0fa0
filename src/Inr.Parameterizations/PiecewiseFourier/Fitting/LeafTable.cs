using System.Collections.Concurrent;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The best leaf found so far for every box of a lattice, as parallel arrays.</summary>
internal sealed class LeafTable
{
    public LeafTable(int boxes)
    {
        Error = new float[boxes];
        Floats = new int[boxes];
        Order = new int[boxes];
        Prefix = new int[boxes];
        SecondPrefix = new int[boxes];
        Cut = new int[boxes];
        Array.Fill(Error, float.PositiveInfinity);
        Array.Fill(Cut, -1);
    }

    /// <summary>The squared error that the leaf leaves.</summary>
    public float[] Error { get; }

    /// <summary>The stored numbers of the leaf, its code included.</summary>
    public int[] Floats { get; }

    /// <summary>The order of its terms.</summary>
    public int[] Order { get; }

    /// <summary>The prefix length of its first region.</summary>
    public int[] Prefix { get; }

    /// <summary>The prefix length of its second region, where it has one.</summary>
    public int[] SecondPrefix { get; }

    /// <summary>The cut in the dictionary of its shape, or −1.</summary>
    public int[] Cut { get; }

    /// <summary>The parameters of the curved cut of boxes that have one instead.</summary>
    public ConcurrentDictionary<int, double[]> Curve { get; } = new();

    /// <summary>Error + λ·floats of a box.</summary>
    public double Cost(int box, double price) => Error[box] + (price * Floats[box]);
}
