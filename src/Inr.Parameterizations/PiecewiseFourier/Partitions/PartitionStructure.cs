using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Finds the sets of a partition on the fitted grid, their tight boxes, and the terms that each sums.</summary>
internal static class PartitionStructure
{
    /// <summary>Scores that are held at once while points are located.</summary>
    private const long ScoresAtOnce = 1 << 24;

    /// <summary>Reads a partition.</summary>
    /// <exception cref="InrException">The stored numbers contradict one another.</exception>
    public static PiecewiseStructure Build(PartitionShape shape, IPartitionFamily family, float[][] indicators, float[] profiles, float[] prefixes)
    {
        int[] Locate(float[] coordinates) => PartitionStructure.Locate(family, indicators, coordinates);
        var boxes = Boxes(shape.Grid, family.RegionCount, Locate(GridCoordinates(shape.Grid)));
        var weights = PrefixOrders.ProfileWeights(shape.Channels);
        var leaves = new List<PiecewiseStructure.Leaf>(boxes.Length);
        int offset = 0;
        for (int k = 0; k < boxes.Length; k++)
        {
            var (start, size) = boxes[k];
            int profile = Whole(profiles[k], weights.Length - 1, $"the profile of set {k}");
            int longest = Math.Min(size.Aggregate(1, (p, n) => p * n), PartitionTerms.MaxPerChannel) * shape.Channels;
            int prefix = Whole(prefixes[k], longest, $"the prefix length of set {k}");
            int[] terms = prefix == 0 ? [] : PartitionTerms.Interleave(size, PartitionTerms.Lowest(size, PartitionTerms.MaxPerChannel), weights[profile]);
            if (prefix > terms.Length)
                throw Broken($"set {k} asks for {prefix} terms but its order has {terms.Length}");
            leaves.Add(new PiecewiseStructure.Leaf(start, size, -1, -1, profile, [new PiecewiseStructure.Region(terms[..prefix], offset)]));
            offset += prefix;
        }

        if (offset != shape.Coefficients)
            throw Broken($"the prefix lengths add up to {offset} but there are {shape.Coefficients} coefficients");
        var own = new PiecewiseShape
        {
            Grid = shape.Grid,
            Channels = shape.Channels,
            MinSide = 1,
            MaxSide = 1,
            Nodes = 0,
            Prefixes = prefixes.Length,
            ExtraCounts = 0,
            Extras = 0,
            Cuts = 0,
            Coefficients = offset,
        };
        return PiecewiseStructure.FromSets(own, leaves, Locate);
    }

    /// <summary>The tight box of each set, in samples of the grid; a single sample for an empty one.</summary>
    public static (int[] Start, int[] Size)[] Boxes(int[] grid, int sets, int[] located)
    {
        int d = grid.Length;
        var low = new int[sets][];
        var high = new int[sets][];
        for (int i = 0; i < located.Length; i++)
        {
            int k = located[i], rest = i;
            low[k] ??= [.. grid];
            high[k] ??= new int[d];
            for (int a = d - 1; a >= 0; a--)
            {
                int x = rest % grid[a];
                rest /= grid[a];
                low[k][a] = Math.Min(low[k][a], x);
                high[k][a] = Math.Max(high[k][a], x + 1);
            }
        }

        return [.. Enumerable.Range(0, sets).Select(k => low[k] is null ? (new int[d], Enumerable.Repeat(1, d).ToArray()) : (low[k], low[k].Zip(high[k], (l, h) => h - l).ToArray()))];
    }

    /// <summary>The set of each point.</summary>
    /// <param name="family">The family.</param>
    /// <param name="indicators">Its tensors, flat.</param>
    /// <param name="coordinates">[N·d].</param>
    public static int[] Locate(IPartitionFamily family, float[][] indicators, float[] coordinates)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] tensors = [.. family.Parameters.Select((p, i) => tensor(indicators[i], device: CPU).reshape([1, .. p.Shape]))];
        return Locate(family, tensors, tensor(coordinates, [1, (long)coordinates.Length / family.Dimension, family.Dimension], device: CPU));
    }

    /// <summary>The set of each point.</summary>
    /// <param name="family">The family.</param>
    /// <param name="indicators">Its tensors with a leading axis of 1.</param>
    /// <param name="coordinates">Shape [1,N,d].</param>
    /// <param name="cancellation">Stops between chunks of points.</param>
    /// <remarks>In double precision: a sample that changes sides with the last bit of a sum would change the box of its set.</remarks>
    public static int[] Locate(IPartitionFamily family, Tensor[] indicators, Tensor coordinates, CancellationToken cancellation = default)
    {
        using var _ = no_grad();
        using var outer = NewDisposeScope();
        Tensor[] exact = [.. indicators.Select(t => t.to(ScalarType.Float64))];
        coordinates = coordinates.to(ScalarType.Float64);
        long count = coordinates.shape[1], chunk = Math.Max(1, ScoresAtOnce / family.RegionsPerPoint);
        var result = new int[count];
        for (long from = 0; from < count; from += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var regions = family.LocateRegions(exact, coordinates.narrow(1, from, Math.Min(chunk, count - from))).data<long>().ToArray();
            for (int i = 0; i < regions.Length; i++)
                result[from + i] = (int)regions[i];
        }

        return result;
    }

    /// <summary>The centres of the samples of a grid, [N·d].</summary>
    public static float[] GridCoordinates(int[] grid)
    {
        using var coordinates = CoordinateGrid.Create(grid);
        return TensorNumbers.Of(coordinates);
    }

    private static int Whole(float value, int most, string name) => value >= 0 && value <= most && value == MathF.Floor(value)
        ? (int)value
        : throw Broken($"{name} is {value}; it must be a whole number between 0 and {most}");

    private static InrException Broken(string what) => new($"The fitted partition is broken: {what}. Read it again from its file, or fit the signal again.");
}
