namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>A tree without cuts that a search has passed on its way, small enough to keep and quick to turn into a function.</summary>
internal sealed class DraftTree
{
    private readonly List<Leaf?> _nodes = [];
    private readonly List<int> _splits = [];
    private readonly BoxLattice _lattice;

    private DraftTree(BoxLattice lattice)
    {
        _lattice = lattice;
    }

    /// <summary>The last solution of an allocator; null where one of its leaves is cut.</summary>
    public static DraftTree? Of(BoxLattice lattice, TreeAllocator allocator, LeafTable table)
    {
        var draft = new DraftTree(lattice);
        bool cut = false;
        allocator.Walk(
            axis =>
            {
                draft._nodes.Add(null);
                draft._splits.Add(axis);
            },
            (c, box) =>
            {
                int at = lattice.Classes[c].Offset + box;
                cut |= table.Cut[at] >= 0 || table.Curve.ContainsKey(at);
                draft._nodes.Add(new Leaf(c, box, table.Order[at], table.Floats[at] - OrderSearch.PlainOverhead));
            });
        return cut ? null : draft;
    }

    /// <summary>The largest boxes with no term in them: the signal's level everywhere.</summary>
    public static DraftTree Flat(BoxLattice lattice)
    {
        var draft = new DraftTree(lattice);
        var position = new int[lattice.Domain.Length];
        for (int root = 0; root < lattice.Classes[lattice.RootClass].Count; root++)
        {
            var (c, box) = (lattice.RootClass, root);
            lattice.Classes[c].Position(box, position);
            while (lattice.DegenerateAxis(c, position) is >= 0 and var axis)
            {
                box = lattice.Children(c, position, axis).First;
                c = lattice.ChildClass(c, axis);
                lattice.Classes[c].Position(box, position);
            }

            draft._nodes.Add(new Leaf(c, box, 0, 0));
        }

        return draft;
    }

    /// <summary>Shortens the prefixes to a budget and solves the leaves.</summary>
    /// <param name="grid">The samples.</param>
    /// <param name="budget">The numbers that codes, lengths and coefficients may take.</param>
    /// <param name="threads">Threads.</param>
    /// <returns>The leaves with their coefficients; null where the budget does not hold the tree.</returns>
    public SolvedTree? Finish(SampledGrid grid, int budget, int threads)
    {
        var leaves = _nodes.OfType<Leaf>().ToArray();
        long wanted = leaves.Sum(l => (long)l.Terms), room = (long)budget - _splits.Count - ((long)OrderSearch.PlainOverhead * leaves.Length);
        if (room < 0)
            return null;
        double share = wanted <= room ? 1 : (double)room / wanted;
        var fits = new LeafFit[leaves.Length];
        var solved = new (float[][] Coefficients, double Error)[leaves.Length];
        Parallel.For(0, leaves.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            var leaf = leaves[i];
            var (start, shape) = Box(leaf);
            int[] terms = leaf.Terms == 0 ? [] : PrefixOrders.Get(shape, grid.Channels).Joint[leaf.Order];
            terms = terms[..Math.Min(terms.Length, (int)(leaf.Terms * share))];
            double[] spectrum = RegionSolver.Spectrum(grid, start, shape, terms);
            var region = new RegionFit(terms, spectrum, 0);
            region.Extend(terms.Length);
            fits[i] = new LeafFit(start, shape, leaf.Order, null, [region]);
            solved[i] = ([[.. spectrum.Select((q, j) => (float)(q * RegionSolver.Scale(shape, terms[j])))]], -DoubleVectors.Dot(spectrum, spectrum));
        });

        // What the cosines of a box take from the energy of the signal, they take from the error.
        if (leaves.Length > 0)
            solved[0].Error += grid.Energy;
        int next = 0;
        return new SolvedTree([.. _nodes.Select(n => n is null ? null : fits[next++])], _splits, solved);
    }

    /// <summary>A tree without terms, as it is.</summary>
    /// <param name="energy">The squared error that it leaves.</param>
    public SolvedTree Finish(double energy)
    {
        var leaves = _nodes.OfType<Leaf>().ToArray();
        return new SolvedTree(
            [.. _nodes.Select(n => n is null ? null : Empty(n))],
            _splits,
            [.. leaves.Select((_, i) => (new float[][] { [] }, i == 0 ? energy : 0))]);

        LeafFit Empty(Leaf leaf)
        {
            var (start, shape) = Box(leaf);
            return new LeafFit(start, shape, leaf.Order, null, [new RegionFit([], [], 0)]);
        }
    }

    private (int[] Start, int[] Shape) Box(Leaf leaf)
    {
        var boxClass = _lattice.Classes[leaf.Class];
        int d = _lattice.Domain.Length;
        int[] position = new int[d], start = new int[d], shape = new int[d];
        boxClass.Position(leaf.Box, position);
        for (int a = 0; a < d; a++)
            (start[a], shape[a]) = boxClass.Extent(a, position[a]);
        return (start, shape);
    }

    private sealed record Leaf(int Class, int Box, int Order, int Terms);
}
