using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Fits samples that fill no grid, or noisy ones: picks the smoothness, and whether to cut, by cross-validation, then searches.</summary>
internal sealed class ScatteredFit
{
    private const double DefaultShareHeldOut = 0.2;

    /// <summary>Cuts must leave less than this share of the held-out error.</summary>
    private const double CutGain = 0.98;

    /// <summary>Weights of the smoothness penalty that cross-validation compares.</summary>
    private static readonly double[] Candidates = [1e-8, 1e-6, 1e-5, 1e-4, 1e-3];

    private readonly PiecewiseSearchOptions _options;
    private readonly BoxLattice _lattice;
    private readonly double[][] _positions;
    private readonly float[][] _planes;
    private readonly ParallelOptions _parallel;
    private readonly CancellationToken _cancellation;

    public ScatteredFit(int[] grid, double[][] positions, float[][] planes, PiecewiseSearchOptions options, CancellationToken cancellation)
    {
        // Small boxes hold too few scattered samples to tell terms apart.
        int min = Math.Max(options.MinSide, grid.Length == 1 ? 16 : grid.Length == 2 ? 8 : 4);
        _options = options with { MinSide = min, MaxSide = Math.Max(min, options.MaxSide) };
        _lattice = new BoxLattice(grid, min, _options.MaxSide);
        _positions = positions;
        _planes = planes;
        _cancellation = cancellation;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount };
    }

    /// <summary>The fewest numbers that a partition with one coefficient per channel takes.</summary>
    public int SmallestBudget => (OrderSearch.PlainOverhead * _lattice.Classes[_lattice.RootClass].Count) + _planes.Length;

    /// <summary>Fits.</summary>
    /// <param name="budget">The numbers that codes, lengths and coefficients may take.</param>
    /// <param name="smoothness">The weight of the penalty, or null to choose it.</param>
    /// <param name="level">The value of each channel where every coefficient is zero.</param>
    public (PiecewiseFourierTarget Target, ParameterSet Parameters, double Error, double Smoothness) Run(int budget, double? smoothness, float[] level)
    {
        var (chosen, cuts) = smoothness is { } given && !_options.Cuts ? (given, false) : CrossValidate(smoothness is { } only ? [only] : Candidates, budget, level);
        var (target, parameters, error) = Fit(_positions, _planes, chosen, cuts, budget, level);
        return (target, parameters, error, chosen);
    }

    private (double Smoothness, bool Cuts) CrossValidate(double[] candidates, int budget, float[] level)
    {
        int count = _planes[0].Length;
        // Every fifth sample of a fixed shuffle: the same split on every run.
        var random = new Random(0);
        var held = new bool[count];
        for (int i = 0; i < count; i++)
            held[i] = random.NextDouble() < DefaultShareHeldOut;
        if (held.All(h => h) || !held.Any(h => h))
            return (candidates[0], false);
        double best = double.PositiveInfinity, chosen = candidates[0];
        foreach (double candidate in candidates)
        {
            if (_cancellation.IsCancellationRequested)
                break;
            double error = HeldOut(candidate, false);
            if (error < best)
                (best, chosen) = (error, candidate);
        }

        // Cuts must pay on samples that they have not seen.
        bool cuts = _options.Cuts && !_cancellation.IsCancellationRequested && HeldOut(chosen, true) < CutGain * best;
        return (chosen, cuts);

        double HeldOut(double candidate, bool cut)
        {
            using var scope = NewDisposeScope();
            var (target, parameters, _) = Fit(Pick(_positions, held, false), Pick(_planes, held, false), candidate, cut, budget, level);
            return HeldOutError(target, parameters, held, level);
        }
    }

    private double HeldOutError(PiecewiseFourierTarget target, ParameterSet parameters, bool[] held, float[] level)
    {
        var positions = Pick(_positions, held, true);
        var planes = Pick(_planes, held, true);
        int d = positions.Length, channels = planes.Length, count = planes[0].Length;
        var coordinates = new float[count * d];
        for (int i = 0; i < count; i++)
        {
            for (int a = 0; a < d; a++)
                coordinates[(i * d) + a] = (float)((2 * positions[a][i] / _lattice.Domain[a]) - 1);
        }

        using var values = target.Evaluate(parameters, tensor(coordinates, [(long)count, d]));
        var predicted = values.data<float>().ToArray();
        var rotation = ColorRotation.For(channels);
        double error = 0;
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < channels; c++)
            {
                double v = 0;
                for (int k = 0; k < channels; k++)
                    v += rotation[(c * channels) + k] * (predicted[(i * channels) + k] - level[k]);
                error += (v - planes[c][i]) * (v - planes[c][i]);
            }
        }

        return error;
    }

    private (PiecewiseFourierTarget Target, ParameterSet Parameters, double Error) Fit(double[][] positions, float[][] planes, double ridge, bool cuts, int budget, float[] level)
    {
        var search = new ScatteredSearch(new ScatteredSamples(_lattice, positions, planes), _lattice, ridge, cuts, _parallel);
        var (tree, splits) = search.Run(budget);
        return new ExpansionAssembly(_lattice.Domain, planes.Length, _options, 0, search.Solve).Build(tree, splits, level);
    }

    private static T[][] Pick<T>(T[][] rows, bool[] held, bool which) => [.. rows.Select(r => r.Where((_, i) => held[i] == which).ToArray())];
}
