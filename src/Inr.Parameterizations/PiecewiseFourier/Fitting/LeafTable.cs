using System.Collections.Concurrent;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The best leaf found so far for every box of a lattice, as parallel arrays.</summary>
/// <remarks>There are about as many boxes as samples, so a leaf is 12 bytes, and one table serves all searches of a fit.</remarks>
internal sealed class LeafTable
{
    public LeafTable(int boxes)
    {
        Error = new float[boxes];
        Floats = new int[boxes];
        Order = new ushort[boxes];
        Cut = new short[boxes];
        Clear();
    }

    /// <summary>The squared error that the leaf leaves.</summary>
    public float[] Error { get; }

    /// <summary>The stored numbers of the leaf, its code included.</summary>
    public int[] Floats { get; }

    /// <summary>The order of its terms.</summary>
    public ushort[] Order { get; }

    /// <summary>The cut in the dictionary of its shape, or −1.</summary>
    public short[] Cut { get; }

    /// <summary>The parameters of the curved cut of boxes that have one instead.</summary>
    public ConcurrentDictionary<int, double[]> Curve { get; } = new();

    /// <summary>Error + λ·floats of a box.</summary>
    public double Cost(int box, double price) => Error[box] + (price * Floats[box]);

    /// <summary>Forgets every leaf.</summary>
    public void Clear()
    {
        Array.Fill(Error, float.PositiveInfinity);
        Array.Clear(Floats);
        Array.Clear(Order);
        Array.Fill(Cut, (short)-1);
        Curve.Clear();
    }
}
