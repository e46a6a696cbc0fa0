namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The partition that the structure parameters describe: boxes, cuts, and which cosines each region sums.</summary>
/// <remarks>Parsing checks every number, since files come from anywhere.</remarks>
internal sealed class PiecewiseStructure
{
    private PiecewiseStructure(PiecewiseShape shape, List<Leaf> leaves, int[] leafOfCell, int[] cellCounts)
    {
        Shape = shape;
        Leaves = [.. leaves];
        LeafOfCell = leafOfCell;
        CellCounts = cellCounts;
    }

    public PiecewiseShape Shape { get; }

    /// <summary>The leaves in preorder.</summary>
    public Leaf[] Leaves { get; }

    /// <summary>For each box of the smallest side, row-major, its leaf: point location is one look-up.</summary>
    public int[] LeafOfCell { get; }

    /// <summary>Boxes of the smallest side along each axis.</summary>
    public int[] CellCounts { get; }

    /// <summary>Where the sets are no boxes: the leaf of each point of [N·d] coordinates; null for point location by look-up.</summary>
    public Func<float[], int[]>? Locate { get; private init; }

    /// <summary>A leaf: a box, perhaps cut in two.</summary>
    /// <param name="Start">The first sample of the box on each axis.</param>
    /// <param name="Size">Its clipped size.</param>
    /// <param name="Cut">The number of its cut, or −1.</param>
    /// <param name="Curvature">The number of the curvature of its cut, or −1 where it is straight.</param>
    /// <param name="Order">The order of its terms.</param>
    /// <param name="Regions">One region, or two: before and behind the cut.</param>
    internal sealed record Leaf(int[] Start, int[] Size, int Cut, int Curvature, int Order, Region[] Regions);

    /// <summary>A region: its terms <c>channel·P + frequency</c> and where their coefficients lie.</summary>
    /// <param name="Terms">The prefix, then the single extra terms.</param>
    /// <param name="Offset">The first coefficient.</param>
    internal sealed record Region(int[] Terms, int Offset);

    /// <summary>The operations of one point in the mean over the domain: a product of d cosines, times a coefficient, added, for each term; and the side of the cut.</summary>
    /// <remarks>The cosines of an axis are shared by all terms and come by recurrence; they are left out, as activations of networks are.</remarks>
    public double FlopsPerSample()
    {
        double sum = 0, volume = 0;
        foreach (var leaf in Leaves)
        {
            int d = leaf.Size.Length;
            double samples = leaf.Size.Aggregate(1.0, (p, n) => p * n);
            double side = leaf.Cut < 0 ? 0 : 2 * d;
            sum += samples * (side + ((d + 1) * leaf.Regions.Average(r => (double)r.Terms.Length)));
            volume += samples;
        }

        return sum / volume;
    }

    /// <summary>Reads the structure parameters.</summary>
    /// <exception cref="InrException">They contradict one another or the layout.</exception>
    public static PiecewiseStructure Parse(PiecewiseShape shape, float[] nodes, float[] prefixes, float[] extraCounts, float[] extras)
    {
        var lattice = new BoxLattice(shape.Grid, shape.MinSide, shape.MaxSide);
        int d = shape.Grid.Length;
        var finest = lattice.Classes[0];
        var leafOfCell = new int[finest.Count];
        var leaves = new List<Leaf>();
        var reader = new Reader(shape, nodes, prefixes, extraCounts, extras);
        int orders = PrefixOrders.CountFor(d, shape.Channels), codes = LeafCode.Count(d, orders);
        Span<int> position = stackalloc int[d];
        var pending = new Stack<(int Class, int Box)>();
        int roots = lattice.Classes[lattice.RootClass].Count;
        for (int r = roots - 1; r >= 0; r--)
            pending.Push((lattice.RootClass, r));
        while (pending.TryPop(out var node))
        {
            var boxClass = lattice.Classes[node.Class];
            boxClass.Position(node.Box, position);
            int degenerate = lattice.DegenerateAxis(node.Class, position);
            if (degenerate >= 0)
            {
                pending.Push((lattice.ChildClass(node.Class, degenerate), lattice.Children(node.Class, position, degenerate).First));
                continue;
            }

            int code = reader.Node(codes);
            if (code < d)
            {
                if (boxClass.Levels[code] == 0)
                    throw Reader.Broken($"node {reader.NodesRead - 1} halves a box of the smallest side along axis {code}");
                var (first, second) = lattice.Children(node.Class, position, code);
                int child = lattice.ChildClass(node.Class, code);
                pending.Push((child, second));
                pending.Push((child, first));
                continue;
            }

            leaves.Add(ReadLeaf(shape, boxClass, position, LeafCode.Decode(d, orders, code), reader));
            Fill(leafOfCell, finest.Counts, shape.MinSide, leaves[^1], leaves.Count - 1);
        }

        reader.RequireEnd();
        return new PiecewiseStructure(shape, leaves, leafOfCell, finest.Counts);
    }

    /// <summary>Equal blocks without cuts, in row-major order.</summary>
    /// <param name="shape">A shape whose smallest and largest side are that of the blocks.</param>
    /// <param name="terms">The terms of a block, from its number and its clipped size.</param>
    public static PiecewiseStructure FromBlocks(PiecewiseShape shape, Func<int, int[], int[]> terms)
    {
        var blocks = new BoxLattice(shape.Grid, shape.MinSide, shape.MinSide).Classes[0];
        var leaves = new List<Leaf>(blocks.Count);
        var position = new int[shape.Grid.Length];
        int offset = 0;
        for (int b = 0; b < blocks.Count; b++)
        {
            blocks.Position(b, position);
            var extents = position.Select((p, a) => blocks.Extent(a, p)).ToArray();
            int[] size = [.. extents.Select(e => e.Side)];
            var region = new Region(terms(b, size), offset);
            offset += region.Terms.Length;
            leaves.Add(new Leaf([.. extents.Select(e => e.Start)], size, -1, -1, 0, [region]));
        }

        return new PiecewiseStructure(shape, leaves, [.. Enumerable.Range(0, blocks.Count)], blocks.Counts);
    }

    /// <summary>Sets of any form, each with the box that its functions live on.</summary>
    /// <param name="shape">The grid and the channels.</param>
    /// <param name="sets">One leaf without a cut per set.</param>
    /// <param name="locate">The set of each point.</param>
    public static PiecewiseStructure FromSets(PiecewiseShape shape, List<Leaf> sets, Func<float[], int[]> locate) => new(shape, sets, [], []) { Locate = locate };

    private static Leaf ReadLeaf(PiecewiseShape shape, BoxClass boxClass, ReadOnlySpan<int> position, (LeafKind Kind, int Order) code, Reader reader)
    {
        int d = position.Length;
        var start = new int[d];
        var size = new int[d];
        for (int a = 0; a < d; a++)
            (start[a], size[a]) = boxClass.Extent(a, position[a]);
        var (kind, order) = code;
        var orders = PrefixOrders.Get(size, shape.Channels);
        bool cut = kind.HasFlag(LeafKind.Cut);
        int cutIndex = cut ? reader.Cut() : -1, curvature = kind.HasFlag(LeafKind.Curved) ? reader.Curvature() : -1;
        var regions = new Region[cut ? 2 : 1];
        for (int r = 0; r < regions.Length; r++)
        {
            var terms = orders.Joint[order];
            int prefix = reader.Prefix(terms.Length);
            int extras = kind.HasFlag(LeafKind.Extras) ? reader.ExtraCount() : 0;
            var chosen = new int[prefix + extras];
            terms.AsSpan(0, prefix).CopyTo(chosen);
            for (int i = 0; i < extras; i++)
                chosen[prefix + i] = reader.Extra(shape.Channels * orders.CellSize);
            regions[r] = new Region(chosen, reader.Coefficients(chosen.Length));
        }

        return new Leaf(start, size, cutIndex, curvature, order, regions);
    }

    private static void Fill(int[] leafOfCell, int[] counts, int side, Leaf leaf, int number)
    {
        int d = counts.Length;
        Span<int> low = stackalloc int[3], high = stackalloc int[3], n = stackalloc int[3];
        low.Clear();
        high.Fill(1);
        n.Fill(1);
        for (int a = 0; a < d; a++)
        {
            int at = 3 - d + a;
            n[at] = counts[a];
            low[at] = leaf.Start[a] / side;
            high[at] = (leaf.Start[a] + leaf.Size[a] + side - 1) / side;
        }

        for (int z = low[0]; z < high[0]; z++)
        {
            for (int y = low[1]; y < high[1]; y++)
                leafOfCell.AsSpan((((z * n[1]) + y) * n[2]) + low[2], high[2] - low[2]).Fill(number);
        }
    }

    // Takes the numbers one after another and refuses what cannot be.
    private sealed class Reader(PiecewiseShape shape, float[] nodes, float[] prefixes, float[] extraCounts, float[] extras)
    {
        private readonly PiecewiseShape _shape = shape;
        private readonly float[] _nodes = nodes;
        private readonly float[] _prefixes = prefixes;
        private readonly float[] _extraCounts = extraCounts;
        private readonly float[] _extras = extras;
        private int _prefix;
        private int _extraCount;
        private int _extra;
        private int _cut;
        private int _curvature;
        private int _coefficient;

        public int NodesRead { get; private set; }

        public int Node(int codes)
        {
            int code = Take(_nodes, NodesRead, codes - 1, "nodes");
            NodesRead++;
            return code;
        }

        public int Prefix(int longest) => Take(_prefixes, _prefix++, longest, "prefixes");

        public int ExtraCount() => Take(_extraCounts, _extraCount++, _extras.Length - _extra, "extra counts");

        public int Extra(int terms) => Take(_extras, _extra++, terms - 1, "extras");

        public int Cut() => _cut++;

        public int Curvature() => _curvature++;

        public int Coefficients(int count)
        {
            int offset = _coefficient;
            _coefficient += count;
            if (_coefficient > _shape.Coefficients)
                throw Broken($"the regions ask for more than the {_shape.Coefficients} coefficients there are");
            return offset;
        }

        public void RequireEnd()
        {
            if (NodesRead != _nodes.Length || _prefix != _prefixes.Length || _extraCount != _extraCounts.Length || _extra != _extras.Length || _cut != _shape.Cuts || _curvature != _shape.Curvatures || _coefficient != _shape.Coefficients)
                throw Broken("its tensors hold more or fewer numbers than its leaves ask for");
        }

        public static InrException Broken(string what) => new($"The structure of the piecewise Fourier expansion is broken: {what}. Read it again from its file, or fit the signal again.");

        private static int Take(float[] numbers, int at, int most, string name)
        {
            if (at >= numbers.Length)
                throw Broken($"there are only {numbers.Length} {name}");
            float value = numbers[at];
            if (!(value >= 0 && value <= most && value == MathF.Floor(value)))
                throw Broken($"number {at} of the {name} is {value}; it must be a whole number between 0 and {most}");
            return (int)value;
        }
    }
}
