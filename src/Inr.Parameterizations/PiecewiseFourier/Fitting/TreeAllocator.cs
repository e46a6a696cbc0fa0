namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Picks the tree of boxes with the lowest error + λ·floats, bottom up.</summary>
/// <remarks>
/// Every box is kept as a leaf or halved along the best axis, whichever is cheaper; a halving costs one number. Since the
/// cost is a sum over leaves, the choice is the optimum over all trees (dyadic CART: Donoho 1997).
/// </remarks>
internal sealed class TreeAllocator
{
    /// <summary>A box that is no longer than half its side is its own first half and costs nothing.</summary>
    private const sbyte Leaf = -1;

    /// <summary>Boxes between two looks at the token: some hundred microseconds.</summary>
    private const int PollEvery = 4096;

    private readonly BoxLattice _lattice;
    private readonly sbyte[] _split;
    private readonly double[] _cost;
    private readonly int[] _floats;
    private readonly CancellationToken _cancellation;
    private double[] _detour = [];

    /// <param name="lattice">The boxes.</param>
    /// <param name="cancellation">Stops between runs of boxes.</param>
    public TreeAllocator(BoxLattice lattice, CancellationToken cancellation = default)
    {
        _cancellation = cancellation;
        _lattice = lattice;
        _split = new sbyte[lattice.BoxCount];
        _cost = new double[lattice.BoxCount];
        _floats = new int[lattice.BoxCount];
    }

    /// <summary>Solves for one price.</summary>
    /// <param name="leaves">The best leaf of each box.</param>
    /// <param name="price">λ.</param>
    /// <returns>Numbers and squared error of the whole tree.</returns>
    public (long Floats, double Error) Solve(LeafTable leaves, double price)
    {
        int d = _lattice.Domain.Length;
        Span<int> position = stackalloc int[d];
        foreach (int c in _lattice.BottomUp)
        {
            var boxClass = _lattice.Classes[c];
            for (int box = 0; box < boxClass.Count; box++)
            {
                if (box % PollEvery == 0)
                    _cancellation.ThrowIfCancellationRequested();
                boxClass.Position(box, position);
                int at = boxClass.Offset + box;
                int degenerate = _lattice.DegenerateAxis(c, position);
                if (degenerate >= 0)
                {
                    int child = _lattice.Classes[_lattice.ChildClass(c, degenerate)].Offset + _lattice.Children(c, position, degenerate).First;
                    (_split[at], _cost[at], _floats[at]) = ((sbyte)degenerate, _cost[child], _floats[child]);
                    continue;
                }

                _split[at] = Leaf;
                _cost[at] = leaves.Cost(at, price);
                _floats[at] = leaves.Floats[at];
                for (int axis = 0; axis < d; axis++)
                {
                    if (boxClass.Levels[axis] == 0)
                        continue;
                    int offset = _lattice.Classes[_lattice.ChildClass(c, axis)].Offset;
                    var (first, second) = _lattice.Children(c, position, axis);
                    double cost = _cost[offset + first] + _cost[offset + second] + price;
                    if (cost < _cost[at])
                        (_split[at], _cost[at], _floats[at]) = ((sbyte)axis, cost, _floats[offset + first] + _floats[offset + second] + 1);
                }
            }
        }

        var roots = _lattice.Classes[_lattice.RootClass];
        long floats = 0;
        double total = 0;
        for (int r = 0; r < roots.Count; r++)
        {
            floats += _floats[roots.Offset + r];
            total += _cost[roots.Offset + r];
        }

        return (floats, total - (price * floats));
    }

    /// <summary>For each box, the cost that a better leaf there must stay below to become part of the best tree.</summary>
    /// <remarks>
    /// Forcing a box into the tree costs <c>out = min over parents (out(parent) + halving(parent) − best(parent))</c>; a leaf
    /// of cost J pays if <c>J + out &lt; best(box)</c>. Boxes with nothing to win need no further search.
    /// </remarks>
    /// <param name="price">The price of the last solution.</param>
    /// <returns>An array that the next call writes again.</returns>
    public double[] Allowances(double price)
    {
        int d = _lattice.Domain.Length;
        if (_detour.Length == 0)
            _detour = new double[_lattice.BoxCount];
        var detour = _detour;
        Array.Fill(detour, double.PositiveInfinity);
        var roots = _lattice.Classes[_lattice.RootClass];
        detour.AsSpan(roots.Offset, roots.Count).Clear();
        Span<int> position = stackalloc int[d];
        for (int k = _lattice.BottomUp.Length - 1; k >= 0; k--)
        {
            int c = _lattice.BottomUp[k];
            var boxClass = _lattice.Classes[c];
            for (int box = 0; box < boxClass.Count; box++)
            {
                if (box % PollEvery == 0)
                    _cancellation.ThrowIfCancellationRequested();
                int at = boxClass.Offset + box;
                boxClass.Position(box, position);
                int degenerate = _lattice.DegenerateAxis(c, position);
                for (int axis = 0; axis < d; axis++)
                {
                    if (boxClass.Levels[axis] == 0 || (degenerate >= 0 && axis != degenerate))
                        continue;
                    int offset = _lattice.Classes[_lattice.ChildClass(c, axis)].Offset;
                    var (first, second) = _lattice.Children(c, position, axis);
                    if (degenerate >= 0)
                    {
                        detour[offset + first] = Math.Min(detour[offset + first], detour[at]);
                        continue;
                    }

                    double extra = detour[at] + Math.Max(0, _cost[offset + first] + _cost[offset + second] + price - _cost[at]);
                    detour[offset + first] = Math.Min(detour[offset + first], extra);
                    detour[offset + second] = Math.Min(detour[offset + second], extra);
                }
            }
        }

        for (int i = 0; i < detour.Length; i++)
            detour[i] = _cost[i] - detour[i];
        return detour;
    }

    /// <summary>Walks the trees of the last solution in preorder.</summary>
    /// <param name="onSplit">Told the axis of each halving that is stored.</param>
    /// <param name="onLeaf">Told the class and the number of each leaf.</param>
    public void Walk(Action<int> onSplit, Action<int, int> onLeaf)
    {
        for (int r = 0; r < _lattice.Classes[_lattice.RootClass].Count; r++)
            Walk(_lattice.RootClass, r, onSplit, onLeaf);
    }

    private void Walk(int c, int box, Action<int> onSplit, Action<int, int> onLeaf)
    {
        var boxClass = _lattice.Classes[c];
        int axis = _split[boxClass.Offset + box];
        if (axis == Leaf)
        {
            onLeaf(c, box);
            return;
        }

        Span<int> position = stackalloc int[_lattice.Domain.Length];
        boxClass.Position(box, position);
        bool degenerate = _lattice.DegenerateAxis(c, position) == axis;
        var (first, second) = _lattice.Children(c, position, axis);
        int child = _lattice.ChildClass(c, axis);
        if (!degenerate)
            onSplit(axis);
        Walk(child, first, onSplit, onLeaf);
        if (!degenerate)
            Walk(child, second, onSplit, onLeaf);
    }
}
