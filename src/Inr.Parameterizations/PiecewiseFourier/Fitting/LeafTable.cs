namespace Inr.Piecewise;

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
        Bend = new int[boxes];
        Array.Fill(Bend, -1);
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

    /// <summary>How that cut is bent, in <see cref="CurveDictionary"/>, or −1 where it is straight.</summary>
    public int[] Bend { get; }

    /// <summary>Error + λ·floats of a box.</summary>
    public double Cost(int box, double price) => Error[box] + (price * Floats[box]);
}
