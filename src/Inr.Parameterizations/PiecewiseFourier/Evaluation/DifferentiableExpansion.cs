namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The expansion as tensor operations: differentiable in the coefficients, the coordinates and, where soft, the cuts.</summary>
/// <remarks>Point location and the choice of terms are constants; each (point, term) pair is one product of cosines.</remarks>
internal static class DifferentiableExpansion
{
    /// <summary>Evaluates points.</summary>
    /// <param name="structure">The partition.</param>
    /// <param name="parameters">θ without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shape [N,c].</returns>
    public static Tensor Evaluate(PiecewiseStructure structure, ParameterSet parameters, Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var shape = structure.Shape;
        int d = shape.Grid.Length, channels = shape.Channels;
        var device = coordinates.device;
        var dtype = coordinates.dtype;
        var pairs = new Pairs(structure, TensorNumbers.Of(coordinates), TensorNumbers.Of(parameters, PiecewiseParameters.Cuts), TensorNumbers.Of(parameters, PiecewiseParameters.Curvatures));

        Tensor Whole(List<long> values) => tensor(values.ToArray(), ScalarType.Int64, device);
        Tensor Real(List<double> values, params long[] size) => tensor(values.ToArray(), ScalarType.Float64, device).reshape(size).to(dtype);

        long visits = pairs.Point.Count, terms = pairs.Visit.Count;
        var grid = tensor(shape.Grid.Select(n => (double)n).ToArray(), dtype, device);
        // Positions in samples from the corner of the visited box.
        var position = ((coordinates + 1) * 0.5 * grid).index_select(0, Whole(pairs.Point)) - Real(pairs.Start, visits, d);
        var phase = (position / Real(pairs.Size, visits, d)).index_select(0, Whole(pairs.Visit)) * Real(pairs.Frequency, terms, d) * Math.PI;
        var value = parameters[PiecewiseParameters.Coefficients].index_select(0, Whole(pairs.Coefficient)) * phase.cos().prod(1, false);
        if (pairs.SoftVisit.Count > 0)
            value = value * Weights(pairs, parameters, position, Whole, Real, shape).index_select(0, Whole(pairs.Visit));

        var slot = Whole(pairs.Slot);
        long count = coordinates.shape[0];
        var rotated = zeros([count * channels], dtype, device).index_add(0, slot, value, 1).reshape(count, channels);
        var rotation = tensor(ColorRotation.For(channels), ScalarType.Float64, device).reshape(channels, channels).to(dtype);
        return (mm(rotated, rotation) + parameters[PiecewiseParameters.Level]).MoveToOuterDisposeScope();
    }

    // σ(±distance/width) for visits of cut leaves, 1 for the others.
    private static Tensor Weights(Pairs pairs, ParameterSet parameters, Tensor position, Func<List<long>, Tensor> whole, Func<List<double>, long[], Tensor> real, PiecewiseShape shape)
    {
        int d = shape.Grid.Length;
        long soft = pairs.SoftVisit.Count;
        var visit = whole(pairs.SoftVisit);
        var cut = parameters[PiecewiseParameters.Cuts].index_select(0, whole(pairs.SoftCut));
        var normal = d switch
        {
            1 => ones_like(cut),
            2 => stack([cut.select(1, 0).cos(), cut.select(1, 0).sin()], 1),
            _ => stack([cut.select(1, 0).cos(), cut.select(1, 0).sin() * cut.select(1, 1).cos(), cut.select(1, 0).sin() * cut.select(1, 1).sin()], 1),
        };
        var size = real(pairs.Size, [pairs.Point.Count, d]).index_select(0, visit);
        var longest = size.amax([1]);
        var foot = normal * (cut.select(1, d - 1) * longest * 0.5).unsqueeze(1);
        var fromFoot = position.index_select(0, visit) - (size * 0.5) - foot;
        var distance = (fromFoot * normal).sum(1);
        if (pairs.CurvedVisit.Count > 0)
        {
            var curved = whole(pairs.CurvedVisit);
            var bend = parameters[PiecewiseParameters.Curvatures].index_select(0, whole(pairs.Curvature)) / longest.index_select(0, curved);
            distance = distance.index_add(0, curved, fromFoot.index_select(0, curved).square().sum(1) * bend, -1);
        }

        var weight = (distance * real(pairs.SoftSign, [soft]) / shape.IndicatorWidth).sigmoid();
        return ones([pairs.Point.Count], position.dtype, position.device).index_copy(0, visit, weight);
    }

    // One visit per (point, region) and one pair per (visit, term).
    private sealed class Pairs
    {
        public Pairs(PiecewiseStructure structure, float[] coordinates, float[] cuts, float[] curvatures)
        {
            var shape = structure.Shape;
            int d = shape.Grid.Length;
            var point = new double[d];
            int[]? located = structure.Locate?.Invoke(coordinates);
            for (int i = 0; i * d < coordinates.Length; i++)
            {
                int cell = 0;
                for (int a = 0; a < d; a++)
                {
                    point[a] = (coordinates[(i * d) + a] + 1.0) * 0.5 * shape.Grid[a];
                    if (located is null)
                        cell = (cell * structure.CellCounts[a]) + (Math.Clamp((int)Math.Floor(point[a]), 0, shape.Grid[a] - 1) / shape.MinSide);
                }

                var leaf = structure.Leaves[located is null ? structure.LeafOfCell[cell] : located[i]];
                if (leaf.Cut < 0)
                {
                    Add(i, leaf, leaf.Regions[0], shape);
                    continue;
                }

                if (shape.IndicatorWidth > 0)
                {
                    for (int r = 0; r < 2; r++)
                    {
                        if (leaf.Curvature >= 0)
                        {
                            CurvedVisit.Add(SoftVisit.Count);
                            Curvature.Add(leaf.Curvature);
                        }

                        SoftVisit.Add(Point.Count);
                        SoftCut.Add(leaf.Cut);
                        SoftSign.Add(r == 0 ? -1 : 1);
                        Add(i, leaf, leaf.Regions[r], shape);
                    }

                    continue;
                }

                for (int a = 0; a < d; a++)
                    point[a] -= leaf.Start[a];
                Add(i, leaf, leaf.Regions[CutSurface.Of(leaf, cuts, curvatures).Distance(point) >= 0 ? 1 : 0], shape);
            }
        }

        public List<long> Point { get; } = [];

        public List<double> Start { get; } = [];

        public List<double> Size { get; } = [];

        public List<long> Visit { get; } = [];

        public List<double> Frequency { get; } = [];

        public List<long> Coefficient { get; } = [];

        public List<long> Slot { get; } = [];

        public List<long> SoftVisit { get; } = [];

        public List<long> SoftCut { get; } = [];

        public List<double> SoftSign { get; } = [];

        /// <summary>Which of the soft visits have a curved cut.</summary>
        public List<long> CurvedVisit { get; } = [];

        public List<long> Curvature { get; } = [];

        private void Add(int point, PiecewiseStructure.Leaf leaf, PiecewiseStructure.Region region, PiecewiseShape shape)
        {
            int d = leaf.Size.Length, cell = leaf.Size.Aggregate(1, (p, n) => p * n);
            long visit = Point.Count;
            Point.Add(point);
            for (int a = 0; a < d; a++)
            {
                Start.Add(leaf.Start[a]);
                Size.Add(leaf.Size[a]);
            }

            Span<int> u = stackalloc int[d];
            for (int j = 0; j < region.Terms.Length; j++)
            {
                int f = region.Terms[j] % cell;
                for (int a = d - 1; a >= 0; a--)
                {
                    u[a] = f % leaf.Size[a];
                    f /= leaf.Size[a];
                }

                foreach (int x in u)
                    Frequency.Add(x);
                Visit.Add(visit);
                Coefficient.Add(region.Offset + j);
                Slot.Add(((long)point * shape.Channels) + (region.Terms[j] / cell));
            }
        }
    }
}
