using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Fits a partition of a family with a fixed number of sets, and the expansion on it, under a budget of numbers.</summary>
/// <remarks>
/// Classification EM in three steps that every family shares. The indicators follow labels of the samples through their
/// soft form (<see cref="PartitionLearner"/>); the coefficients are solved set by set with hard indicators, prefix lengths
/// by the price of a number as in the dyadic search; samples near a border are labelled with the set whose smooth part
/// fits them best. A round is kept only where the error at the same budget drops.
/// </remarks>
internal sealed class PartitionFit : ClosedForm
{
    private const int Rounds = 3;

    private const int SpareColumns = 16;

    private const int MostColumns = 256;

    private const int MostColumnsOfARound = 48;

    /// <summary>The channel profiles that are tried for every set.</summary>
    private static readonly int[] ColorProfiles = [0, 2, 4, 6];

    /// <summary>How far over a border, in samples, a sample may change sides in one round.</summary>
    private static readonly int[] Reach = [1, 2, 4];

    /// <summary>The share of the fit that goes into reading the signal and into the first labels.</summary>
    private const double StartShare = 0.05;

    /// <summary>The share of the fit that goes into the last, thorough solution.</summary>
    private const double LastShare = 0.4;

    private readonly Signal _signal;
    private readonly int[] _gridShape;
    private readonly PartitionShape _shape;
    private readonly IPartitionFamily _family;
    private readonly int[] _seeds;
    private readonly int _budget;
    private float[]? _level;
    private float[] _coordinates = [];
    private SampledGrid? _grid;
    // The best round so far.
    private float[][] _indicators = [];
    private int[]? _located;

    /// <param name="signal">A signal on a grid of 1 to 3 axes.</param>
    /// <param name="options">The family, its size, and threads.</param>
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    /// <exception cref="InrException">The memory is too small for the signal.</exception>
    public PartitionFit(Signal signal, PiecewiseFourierOptions options, FitMonitor monitor)
        : base(monitor)
    {
        _signal = signal;
        _gridShape = [.. signal.Domain.GridShape];
        _budget = options.FloatBudget;
        var kind = options.Partition;
        int size = options.Cells ?? DefaultCells(kind, _gridShape.Length, _budget);
        // About as many cells as asked for: as many as there are seeds on a regular grid.
        _seeds = PartitionLabels.SeedGrid(_gridShape, size);
        if (kind == PartitionKind.PowerDiagram)
            size = _seeds.Aggregate(1, (p, n) => p * n);
        _shape = new PartitionShape(_gridShape, signal.Channels, kind, size, options.LevelTerms, 0);
        _family = _shape.Family();
        MemoryNeed.OfPartition(signal, monitor.Parallel.MaxDegreeOfParallelism)
            .Require($"A fit of a {kind} partition to {signal}", "Use a smaller signal, or the dyadic tree.");
    }

    /// <summary>The fewest numbers that the family takes with one coefficient a channel.</summary>
    public long SmallestBudget => _family.FloatCount + (2 * _family.RegionCount) + (2 * _signal.Channels);

    /// <inheritdoc/>
    protected override Solution Run()
    {
        _level = SignalReader.Level(_signal);
        var grid = _grid = new SampledGrid(_gridShape, SignalReader.Planes(_signal, _level, StartShare / 2, Monitor));
        Monitor.Loss = grid.Energy / Samples;
        _coordinates = PartitionStructure.GridCoordinates(_gridShape);
        int coefficients = _budget - (int)(_family.FloatCount + (2 * _family.RegionCount)) - grid.Channels;
        Monitor.Begin(StartShare);
        var (indicators, labels) = Start();
        (Tensor[] Indicators, int[] Located, double Error)? best = null;
        double from = StartShare, share = (1 - StartShare - LastShare) / (Rounds + 1);
        for (int round = 0; round <= Rounds; round++)
        {
            Monitor.Begin(from + ((round + 0.3) * share));
            if (labels is not null)
                indicators = PartitionLearner.Learn(_family, indicators, Rates(), Width(), _coordinates, labels, Monitor.Cancellation);
            using var points = tensor(_coordinates, [1, (long)grid.Planes[0].Length, grid.Shape.Length]);
            int[] located = PartitionStructure.Locate(_family, indicators, points, Monitor.Cancellation);
            var cells = Solve(grid, located, coefficients, thorough: false, from + ((round + 0.8) * share), out double error);
            if (best is { } b && error >= b.Error)
                break;
            best = (indicators, located, error);
            (_indicators, _located) = ([.. indicators.Select(t => TensorNumbers.Of(t))], located);
            Monitor.Loss = error / Samples;
            if (round == Rounds)
                break;
            Monitor.Begin(from + ((round + 1) * share));
            labels = Compete(grid, cells, located);
        }

        var last = Solve(grid, best!.Value.Located, coefficients, thorough: true, 1 - (LastShare / 4), out _);
        var solved = new (float[] Coefficients, double Error)[last.Length];
        Monitor.Stage(1, last.Length, k => solved[k] = last[k] is { } cell ? cell.Solve(grid, Monitor.Cancellation) : ([], 0));
        return Assemble(
            best.Value.Indicators,
            [.. last.Select(c => (float)(c?.Profile ?? 0))],
            [.. last.Select(c => (float)(c?.Fit.Prefix ?? 0))],
            [.. solved.SelectMany(s => s.Coefficients)],
            solved.Sum(s => s.Error),
            $"Fitted a {_shape.Partition} partition");
    }

    /// <inheritdoc/>
    /// <remarks>The sets of the best round with their mean values; before the first one, the level of the signal.</remarks>
    protected override Solution BestSoFar()
    {
        _level ??= SignalReader.Level(_signal);
        int sets = _family.RegionCount, channels = _signal.Channels;
        var zeros = new float[sets];
        if (_located is null || (long)_budget < _family.FloatCount + (2L * sets) + ((sets + 1L) * channels))
            return Assemble(Plain(), zeros, zeros, [], _grid?.Energy ?? SignalReader.Energy(_signal, _level), "Nothing was found yet: the level of the signal");
        var sums = new double[sets * channels];
        var counts = new int[sets];
        for (int i = 0; i < _located.Length; i++)
        {
            counts[_located[i]]++;
            for (int c = 0; c < channels; c++)
                sums[(_located[i] * channels) + c] += _grid!.Planes[c][i];
        }

        // The first terms of the first profile are the constants of all channels.
        double error = _grid!.Energy;
        var means = new float[sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            int count = counts[i / channels];
            means[i] = count == 0 ? 0 : (float)(sums[i] / count);
            error -= count == 0 ? 0 : sums[i] * sums[i] / count;
        }

        var constants = new float[sets];
        Array.Fill(constants, channels);
        Tensor[] indicators = [.. _family.Parameters.Select((p, i) => tensor(_indicators[i]).reshape([1, .. p.Shape]))];
        return Assemble(indicators, zeros, constants, means, Math.Max(0, error), "The rounds were not finished: sets with their mean values");
    }

    private double Samples => (double)_signal.SampleCount * _signal.Channels;

    // Indicators that need no look at the signal.
    private Tensor[] Plain()
    {
        int d = _gridShape.Length;
        switch (_shape.Partition)
        {
            case PartitionKind.PowerDiagram:
                var places = new float[_shape.Cells * d];
                for (int k = 0; k < _shape.Cells; k++)
                {
                    int rest = k;
                    for (int a = d - 1; a >= 0; a--)
                    {
                        places[(k * d) + a] = (((2 * (rest % _seeds[a])) + 1f) / _seeds[a]) - 1;
                        rest /= _seeds[a];
                    }
                }

                return [tensor(places, [1, _shape.Cells, d]), zeros(1, _shape.Cells)];
            case PartitionKind.LevelSet:
                return [zeros(1, _shape.Cells, _shape.LevelTerms)];
            default:
                return [zeros(1, _family.RegionCount / 2, d)];
        }
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
        int d = _gridShape.Length;
        switch (_shape.Partition)
        {
            case PartitionKind.PowerDiagram:
                var (labels, centres) = PartitionLabels.Superpixels(_grid!, _seeds, Monitor);
                float[] places = [.. centres.SelectMany(c => Enumerable.Range(0, d).Select(a => (float)((2 * c[a] / _gridShape[a]) - 1)))];
                return ([tensor(places, [1, _shape.Cells, d]), zeros(1, _shape.Cells)], labels);
            case PartitionKind.LevelSet:
                return ([zeros(1, _shape.Cells, _shape.LevelTerms)], PartitionLabels.Classes(_grid!, _family.RegionCount, Monitor.Cancellation));
            default:
                var halves = PartitionLabels.Halves(_grid!, _shape.Cells, Monitor);
                return ([Cuts(halves)], halves);
        }
    }

    // A cut between the centres of the two halves of each cell.
    private Tensor Cuts(int[] halves)
    {
        int d = _gridShape.Length, regions = _family.RegionCount;
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

    private double Spacing => 2 * Math.Pow(_shape.Cells, -1.0 / _gridShape.Length);

    // One and a half samples, in the units of the family.
    private double Width()
    {
        double sample = 2.0 / _gridShape.Max();
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
    private PartitionCell?[] Solve(SampledGrid grid, int[] located, int coefficients, bool thorough, double until, out double error)
    {
        int sets = _family.RegionCount;
        var inside = new List<int>[sets];
        for (int i = 0; i < located.Length; i++)
            (inside[located[i]] ??= []).Add(i);
        var boxes = PartitionStructure.Boxes(grid.Shape, sets, located);
        int profiles = PrefixOrders.ProfilesFor(grid.Channels);
        int[] tried = grid.Channels < 3 ? [.. Enumerable.Range(0, profiles)] : ColorProfiles;
        int share = coefficients / Math.Max(1, inside.Count(i => i is not null));
        int most = thorough ? Math.Min(MostColumns, SpareColumns + (3 * share)) : Math.Min(MostColumnsOfARound, SpareColumns + (2 * share / grid.Channels));
        var cells = new PartitionCell?[sets];
        Monitor.Begin(until, located.Length);
        Monitor.For(sets, k =>
        {
            if (inside[k] is null)
                return;
            cells[k] = new PartitionCell(grid, [.. inside[k]], boxes[k].Start, boxes[k].Size, tried, most, Monitor.Cancellation);
            Monitor.Advance(inside[k].Count);
        });
        var used = cells.OfType<PartitionCell>().ToArray();
        long Spent(double price)
        {
            Monitor.For(used.Length, k => used[k].Choose(price));
            return used.Sum(c => (long)c.Fit.Prefix);
        }

        double low = -60, high = Math.Log(1 + grid.Energy);
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
            Monitor.Poll();
            var extension = cell.Fit.BestExtension(rest);
            cell.Fit.Extend(extension.Prefix);
            rest -= extension.Floats;
        }

        error = used.Sum(c => c.Fit.Error);
        return cells;
    }

    private int[] Compete(SampledGrid grid, PartitionCell?[] cells, int[] located)
    {
        int d = grid.Shape.Length, group = _family.RegionsPerPoint;
        var labels = new int[located.Length];
        Monitor.For(located.Length, i =>
        {
            int own = located[i], best = own;
            double least = double.NaN;
            for (int a = d - 1, step = 1; a >= 0; step *= grid.Shape[a], a--)
            {
                int x = i / step % grid.Shape[a];
                foreach (int reach in Reach)
                {
                    for (int sign = -1; sign <= 1; sign += 2)
                    {
                        if (x + (sign * reach) < 0 || x + (sign * reach) >= grid.Shape[a])
                            continue;
                        int other = located[i + (sign * reach * step)];
                        if (other == own || other == best || other / group != own / group)
                            continue;
                        if (double.IsNaN(least))
                            least = cells[own]!.Misfit(grid, i);
                        double misfit = cells[other]!.Misfit(grid, i);
                        if (misfit < least)
                            (best, least) = (other, misfit);
                    }
                }
            }

            labels[i] = best;
        });
        return labels;
    }

    private Solution Assemble(Tensor[] indicators, float[] profiles, float[] prefixes, float[] coefficients, double error, string how)
    {
        var target = new PartitionFourierTarget(_shape with { Coefficients = coefficients.Length });
        Tensor[] tensors = [.. indicators.Select(t => t.squeeze(0).clone()), tensor(_level!), tensor(profiles), tensor(prefixes), tensor(coefficients)];
        return new Solution(target, new ParameterSet(target.Layout, tensors), error / Samples, $"{how}: {target.Partition.RegionCount} sets, {target.Layout.FloatCount} of {_budget} floats.");
    }
}
