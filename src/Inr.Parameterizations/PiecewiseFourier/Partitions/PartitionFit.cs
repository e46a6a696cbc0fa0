using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Fits a partition of a family with a fixed number of sets, and the expansion on it, under a budget of numbers.</summary>
/// <remarks>
/// Classification EM in three steps that every family shares. The indicators follow labels of the samples through their
/// soft form (<see cref="PartitionLearner"/>); the coefficients are solved set by set with hard indicators, prefix lengths
/// by the price of a number as in the dyadic search; samples near a border are labelled with the set whose smooth part
/// fits them best. A round is kept only where the error at the same budget drops.
/// </remarks>
internal sealed class PartitionFit
{
    private const int Rounds = 3;

    private const int SpareColumns = 16;

    private const int MostColumns = 256;

    private const int MostColumnsOfARound = 48;

    /// <summary>The channel profiles that are tried for every set.</summary>
    private static readonly int[] ColorProfiles = [0, 2, 4, 6];

    /// <summary>How far over a border, in samples, a sample may change sides in one round.</summary>
    private static readonly int[] Reach = [1, 2, 4];

    private readonly SampledGrid _grid;
    private readonly PartitionShape _shape;
    private readonly IPartitionFamily _family;
    private readonly int[] _seeds;
    private readonly ParallelOptions _parallel;
    private readonly CancellationToken _cancellation;
    private readonly float[] _coordinates;

    /// <param name="grid">The samples.</param>
    /// <param name="kind">The family.</param>
    /// <param name="cells">Its size, or null for one that suits the budget.</param>
    /// <param name="levelTerms">Cosines of a level-set function.</param>
    /// <param name="budget">The numbers that a fit may store.</param>
    /// <param name="threads">Threads; 0 for all.</param>
    /// <param name="cancellation">Stops between rounds.</param>
    public PartitionFit(SampledGrid grid, PartitionKind kind, int? cells, int levelTerms, int budget, int threads, CancellationToken cancellation)
    {
        _grid = grid;
        _cancellation = cancellation;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        int size = cells ?? DefaultCells(kind, grid.Shape.Length, budget);
        // About as many cells as asked for: as many as there are seeds on a regular grid.
        _seeds = PartitionLabels.SeedGrid(grid.Shape, size);
        if (kind == PartitionKind.PowerDiagram)
            size = _seeds.Aggregate(1, (p, n) => p * n);
        _shape = new PartitionShape(grid.Shape, grid.Channels, kind, size, levelTerms, 0);
        _family = _shape.Family();
        _coordinates = PartitionStructure.GridCoordinates(grid.Shape);
    }

    /// <summary>The fewest numbers that the family takes with one coefficient a channel.</summary>
    public long SmallestBudget => _family.FloatCount + (2 * _family.RegionCount) + (2 * _grid.Channels);

    /// <summary>Fits.</summary>
    /// <param name="budget">The numbers that θ may hold.</param>
    /// <param name="level">The value of each channel where every coefficient is zero.</param>
    /// <returns>The function, its θ, and the squared error over all samples and channels.</returns>
    public (PartitionFourierTarget Target, ParameterSet Parameters, double Error) Run(int budget, float[] level)
    {
        using var scope = NewDisposeScope();
        int coefficients = budget - (int)(_family.FloatCount + (2 * _family.RegionCount)) - _grid.Channels;
        var (indicators, labels) = Start();
        (Tensor[] Indicators, int[] Located, double Error)? best = null;
        for (int round = 0; round <= Rounds; round++)
        {
            if (labels is not null)
                indicators = PartitionLearner.Learn(_family, indicators, Rates(), Width(), _coordinates, labels, _cancellation);
            using var points = tensor(_coordinates, [1, (long)_grid.Planes[0].Length, _grid.Shape.Length]);
            int[] located = PartitionStructure.Locate(_family, indicators, points);
            var cells = Solve(located, coefficients, thorough: false, out double error);
            if (best is { } b && error >= b.Error)
                break;
            best = (indicators, located, error);
            if (round == Rounds || _cancellation.IsCancellationRequested)
                break;
            labels = Compete(cells, located);
        }

        return Assemble(best!.Value.Indicators, Solve(best.Value.Located, coefficients, thorough: true, out _), level);
    }

    private static int DefaultCells(PartitionKind kind, int dimension, int budget) => kind switch
    {
        PartitionKind.PowerDiagram => Math.Clamp(budget / 64, 1, 1024),
        PartitionKind.LevelSet => Math.Clamp((int)Math.Log2(Math.Max(2, budget / 200)), 1, 5),
        _ => Math.Clamp((int)Math.Round(Math.Pow(budget / 130.0, 1.0 / dimension)), 1, 64),
    };

    // Where the indicators begin, and labels that they do not follow yet.
    private (Tensor[] Indicators, int[]? Labels) Start()
    {
        int d = _grid.Shape.Length;
        switch (_shape.Partition)
        {
            case PartitionKind.PowerDiagram:
                var (labels, centres) = PartitionLabels.Superpixels(_grid, _seeds);
                float[] places = [.. centres.SelectMany(c => Enumerable.Range(0, d).Select(a => (float)((2 * c[a] / _grid.Shape[a]) - 1)))];
                return ([tensor(places, [1, _shape.Cells, d]), zeros(1, _shape.Cells)], labels);
            case PartitionKind.LevelSet:
                return ([zeros(1, _shape.Cells, _shape.LevelTerms)], PartitionLabels.Classes(_grid, _family.RegionCount));
            default:
                var halves = PartitionLabels.Halves(_grid, _shape.Cells);
                return ([Cuts(halves)], halves);
        }
    }

    // A cut between the centres of the two halves of each cell.
    private Tensor Cuts(int[] halves)
    {
        int d = _grid.Shape.Length, regions = _family.RegionCount;
        var sums = new double[regions, d];
        var counts = new int[regions];
        for (int i = 0; i < halves.Length; i++)
        {
            counts[halves[i]]++;
            for (int a = 0; a < d; a++)
            {
                double z = (_coordinates[(i * d) + a] + 1) * 0.5 * _shape.Cells;
                sums[halves[i], a] += (2 * (z - Math.Floor(z))) - 1;
            }
        }

        var cuts = new float[regions / 2 * d];
        var normal = new double[3];
        for (int cell = 0; cell < regions / 2; cell++)
        {
            double length = 0, middle = 0;
            normal.AsSpan().Clear();
            for (int a = 0; a < d; a++)
            {
                double first = counts[2 * cell] == 0 ? 0 : sums[2 * cell, a] / counts[2 * cell], second = counts[(2 * cell) + 1] == 0 ? 0 : sums[(2 * cell) + 1, a] / counts[(2 * cell) + 1];
                normal[a] = second - first;
                length += normal[a] * normal[a];
                middle += normal[a] * (first + second) / 2;
            }

            length = Math.Sqrt(length);
            // Nothing to separate: a cut outside the cell.
            bool flat = length < 1e-6;
            if (d == 2)
                cuts[cell * d] = (float)Math.Atan2(normal[1], normal[0]);
            if (d == 3)
                (cuts[cell * d], cuts[(cell * d) + 1]) = ((float)Math.Acos(flat ? 1 : normal[0] / length), (float)Math.Atan2(normal[2], normal[1]));
            // In one dimension the second set lies above, whichever half is brighter.
            cuts[(cell * d) + d - 1] = flat ? 4 : (float)(d == 1 ? middle / normal[0] : middle / length);
        }

        return tensor(cuts, [1, regions / 2, d]);
    }

    private double Spacing => 2 * Math.Pow(_shape.Cells, -1.0 / _grid.Shape.Length);

    // One and a half samples, in the units of the family.
    private double Width()
    {
        double sample = 2.0 / _grid.Shape.Max();
        return _shape.Partition switch
        {
            PartitionKind.PowerDiagram => 2 * Spacing * 1.5 * sample,
            // Logistic regression sets the scale of the functions itself.
            PartitionKind.LevelSet => 1,
            _ => 1.5 * sample * _shape.Cells,
        };
    }

    private double[] Rates() => _shape.Partition switch
    {
        PartitionKind.PowerDiagram => [0.02 * Spacing, 0.02 * Spacing * Spacing],
        PartitionKind.LevelSet => [0.3],
        _ => [0.05],
    };

    // Orthogonalising costs the square of the columns: few to compare rounds, many for the result, where one channel may take them all.
    private PartitionCell?[] Solve(int[] located, int coefficients, bool thorough, out double error)
    {
        int sets = _family.RegionCount;
        var inside = new List<int>[sets];
        for (int i = 0; i < located.Length; i++)
            (inside[located[i]] ??= []).Add(i);
        var boxes = PartitionStructure.Boxes(_grid.Shape, sets, located);
        int profiles = PrefixOrders.ProfilesFor(_grid.Channels);
        int[] tried = _grid.Channels < 3 ? [.. Enumerable.Range(0, profiles)] : ColorProfiles;
        int share = coefficients / Math.Max(1, inside.Count(i => i is not null));
        int most = thorough ? Math.Min(MostColumns, SpareColumns + (3 * share)) : Math.Min(MostColumnsOfARound, SpareColumns + (2 * share / _grid.Channels));
        var cells = new PartitionCell?[sets];
        Parallel.For(0, sets, _parallel, k =>
        {
            if (inside[k] is not null)
                cells[k] = new PartitionCell(_grid, [.. inside[k]], boxes[k].Start, boxes[k].Size, tried, most);
        });
        var used = cells.OfType<PartitionCell>().ToArray();
        long Spent(double price)
        {
            Parallel.ForEach(used, _parallel, c => c.Choose(price));
            return used.Sum(c => (long)c.Fit.Prefix);
        }

        double low = -60, high = Math.Log(1 + _grid.Planes.Sum(p => p.Sum(v => (double)v * v)));
        for (int i = 0; i < 45; i++)
        {
            double middle = (low + high) / 2;
            if (Spent(Math.Exp(middle)) > coefficients)
                low = middle;
            else
                high = middle;
        }

        int rest = coefficients - (int)Spent(Math.Exp(high));
        foreach (var cell in used.OrderByDescending(c => c.Fit.BestExtension(rest).Gain))
        {
            var extension = cell.Fit.BestExtension(rest);
            cell.Fit.Extend(extension.Prefix);
            rest -= extension.Floats;
        }

        error = used.Sum(c => c.Fit.Error);
        return cells;
    }

    private int[] Compete(PartitionCell?[] cells, int[] located)
    {
        int d = _grid.Shape.Length, group = _family.RegionsPerPoint;
        var labels = new int[located.Length];
        Parallel.For(0, located.Length, _parallel, i =>
        {
            int own = located[i], best = own;
            double least = double.NaN;
            for (int a = d - 1, step = 1; a >= 0; step *= _grid.Shape[a], a--)
            {
                int x = i / step % _grid.Shape[a];
                foreach (int reach in Reach)
                {
                    for (int sign = -1; sign <= 1; sign += 2)
                    {
                        if (x + (sign * reach) < 0 || x + (sign * reach) >= _grid.Shape[a])
                            continue;
                        int other = located[i + (sign * reach * step)];
                        if (other == own || other == best || other / group != own / group)
                            continue;
                        if (double.IsNaN(least))
                            least = cells[own]!.Misfit(_grid, i);
                        double misfit = cells[other]!.Misfit(_grid, i);
                        if (misfit < least)
                            (best, least) = (other, misfit);
                    }
                }
            }

            labels[i] = best;
        });
        return labels;
    }

    private (PartitionFourierTarget Target, ParameterSet Parameters, double Error) Assemble(Tensor[] indicators, PartitionCell?[] cells, float[] level)
    {
        var coefficients = new List<float>();
        double error = 0;
        foreach (var cell in cells)
        {
            if (cell is null)
                continue;
            coefficients.AddRange(cell.Solve(out double rest));
            error += rest;
        }

        var target = new PartitionFourierTarget(_shape with { Coefficients = coefficients.Count });
        Tensor[] tensors =
        [
            .. indicators.Select(t => t.squeeze(0).clone()),
            tensor(level),
            tensor(cells.Select(c => (float)(c?.Profile ?? 0)).ToArray()),
            tensor(cells.Select(c => (float)(c?.Fit.Prefix ?? 0)).ToArray()),
            tensor(coefficients.ToArray()),
        ];
        return (target, new ParameterSet(target.Layout, tensors).MoveToOuterDisposeScope(), error);
    }
}
