using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Fits samples that fill no grid, or noisy ones: picks the smoothness, and whether to cut, by cross-validation, then searches.</summary>
internal sealed class ScatteredFit : ClosedForm
{
    private const double DefaultShareHeldOut = 0.2;

    /// <summary>Cuts must leave less than this share of the held-out error.</summary>
    private const double CutGain = 0.98;

    /// <summary>Points that are evaluated between two looks at the token.</summary>
    private const int EvaluatedAtOnce = 1 << 16;

    /// <summary>How much longer a search takes with cuts, and how much longer the last one, on all samples, is expected to take.</summary>
    private const double EffortOfCuts = 2.5, EffortOfLast = 2;

    /// <summary>Weights of the smoothness penalty that cross-validation compares.</summary>
    private static readonly double[] Candidates = [1e-8, 1e-6, 1e-5, 1e-4, 1e-3];

    private readonly Signal _signal;
    private readonly PiecewiseSearchOptions _options;
    private readonly BoxLattice _lattice;
    private readonly ExpansionAssembly _assembly;
    private readonly double? _smoothness;
    private readonly int _budget;
    private double[][] _positions = [];
    private float[][] _planes = [];
    private float[]? _level;
    private double _effort;
    private double _spent;
    private (SolvedTree Tree, double Error, double Smoothness)? _best;

    /// <param name="signal">The samples.</param>
    /// <param name="grid">The grid whose samples they are, or stand for.</param>
    /// <param name="options">What the search may use.</param>
    /// <param name="smoothness">The weight of the penalty, or null to choose it.</param>
    /// <param name="budget">The numbers that θ may hold.</param>
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    /// <exception cref="InrException">The memory is too small for the signal.</exception>
    public ScatteredFit(Signal signal, int[] grid, PiecewiseSearchOptions options, double? smoothness, int budget, FitMonitor monitor)
        : base(monitor)
    {
        // Small boxes hold too few scattered samples to tell terms apart.
        int min = Math.Max(options.MinSide, grid.Length == 1 ? 16 : grid.Length == 2 ? 8 : 4);
        _signal = signal;
        _options = options with { MinSide = min, MaxSide = Math.Max(min, options.MaxSide) };
        _smoothness = smoothness;
        _budget = budget;
        MemoryNeed.OfSamples(signal, options.Cuts)
            .Require($"A piecewise Fourier fit of scattered or noisy samples ({signal})", "Use fewer samples, or turn Denoise off for a signal on a grid.");
        _lattice = new BoxLattice(grid, min, _options.MaxSide);
        _assembly = new ExpansionAssembly(grid, signal.Channels, _options, 0);
    }

    /// <summary>The fewest numbers that θ takes with one coefficient per channel.</summary>
    public int SmallestBudget => (OrderSearch.PlainOverhead * _lattice.RootCount) + (2 * _signal.Channels);

    /// <inheritdoc/>
    protected override Solution Run()
    {
        _level = SignalReader.Level(_signal);
        _planes = SignalReader.Planes(_signal, _level, 0.01, Monitor);
        _positions = Positions();
        Monitor.Loss = _planes.Sum(p => p.Sum(v => (double)v * v)) / Samples;
        double[] candidates = _smoothness is { } only ? [only] : Candidates;
        bool choose = _smoothness is null || _options.Cuts;
        _effort = (choose ? candidates.Length : 0) + (_options.Cuts ? EffortOfCuts : 0) + EffortOfLast;
        var (chosen, cuts) = choose ? CrossValidate(candidates) : (_smoothness!.Value, false);
        var solved = Fit(_positions, _planes, chosen, cuts, EffortOfLast);
        return Assemble(solved, solved.Leaves.Sum(l => l.Error), $"Solved by least squares with smoothness {chosen:G3}");
    }

    /// <inheritdoc/>
    /// <remarks>The best of the fits that cross-validation has finished; before that the signal's level.</remarks>
    protected override Solution BestSoFar()
    {
        if (_best is { } best)
            return Assemble(best.Tree, best.Error, $"The cross-validation was not finished; smoothness {best.Smoothness:G3} on a part of the samples");
        _level ??= SignalReader.Level(_signal);
        double energy = SignalReader.Energy(_signal, _level);
        return Assemble(DraftTree.Flat(_lattice).Finish(energy), energy, "Nothing was found yet: the level of the signal");
    }

    private double Samples => (double)_signal.SampleCount * _signal.Channels;

    private Solution Assemble(SolvedTree solved, double error, string how)
    {
        var (target, parameters, _) = _assembly.Build(solved, _level!);
        return new Solution(target, parameters, error / Samples, $"{how}: {target.Layout["prefixes"].Count} regions, {target.Layout.FloatCount} of {_budget} floats.");
    }

    private double[][] Positions()
    {
        int d = _signal.InputDimension, count = (int)_signal.SampleCount;
        using var places = _signal.CoordinatesOf(0, count);
        var coordinates = TensorNumbers.Of(places);
        var positions = new double[d][];
        for (int a = 0; a < d; a++)
        {
            positions[a] = new double[count];
            for (int i = 0; i < count; i++)
                positions[a][i] = (coordinates[(i * d) + a] + 1.0) * 0.5 * _lattice.Domain[a];
        }

        return positions;
    }

    private (double Smoothness, bool Cuts) CrossValidate(double[] candidates)
    {
        int count = _planes[0].Length;
        // Every fifth sample of a fixed shuffle: the same split on every run.
        var random = new Random(0);
        var held = new bool[count];
        for (int i = 0; i < count; i++)
            held[i] = random.NextDouble() < DefaultShareHeldOut;
        if (held.All(h => h) || !held.Any(h => h))
            return (candidates[0], false);
        var split = new Split(Pick(_positions, held, false), Pick(_planes, held, false), Pick(_positions, held, true), Pick(_planes, held, true));
        double best = double.PositiveInfinity, chosen = candidates[0];
        foreach (double candidate in candidates)
        {
            double error = HeldOut(split, candidate, false, best);
            if (error < best)
                (best, chosen) = (error, candidate);
        }

        // Cuts must pay on samples that they have not seen.
        bool cuts = _options.Cuts && HeldOut(split, chosen, true, CutGain * best) < CutGain * best;
        return (chosen, cuts);
    }

    // The error on the samples that are held out; the fit is kept where it is better than a limit.
    private double HeldOut(Split split, double candidate, bool cut, double limit)
    {
        using var scope = NewDisposeScope();
        var solved = Fit(split.Positions, split.Planes, candidate, cut, cut ? EffortOfCuts : 1);
        var (target, parameters, error) = _assembly.Build(solved, _level!);
        double heldOut = HeldOutError(target, parameters, split);
        if (heldOut < limit)
        {
            _best = (solved, error + heldOut, candidate);
            Monitor.Loss = (error + heldOut) / Samples;
        }

        return heldOut;
    }

    private double HeldOutError(PiecewiseFourierTarget target, ParameterSet parameters, Split split)
    {
        var (positions, planes) = (split.HeldPositions, split.HeldPlanes);
        int d = positions.Length, channels = planes.Length, count = planes[0].Length;
        var rotation = ColorRotation.For(channels);
        double error = 0;
        for (int first = 0; first < count; first += EvaluatedAtOnce)
        {
            Monitor.Poll();
            using var scope = NewDisposeScope();
            int part = Math.Min(EvaluatedAtOnce, count - first);
            var coordinates = new float[part * d];
            for (int i = 0; i < part; i++)
            {
                for (int a = 0; a < d; a++)
                    coordinates[(i * d) + a] = (float)((2 * positions[a][first + i] / _lattice.Domain[a]) - 1);
            }

            var predicted = TensorNumbers.Of(target.Evaluate(parameters, tensor(coordinates, [(long)part, d])));
            for (int i = 0; i < part; i++)
            {
                for (int c = 0; c < channels; c++)
                {
                    double v = 0;
                    for (int k = 0; k < channels; k++)
                        v += rotation[(c * channels) + k] * (predicted[(i * channels) + k] - _level![k]);
                    error += (v - planes[c][first + i]) * (v - planes[c][first + i]);
                }
            }
        }

        return error;
    }

    private SolvedTree Fit(double[][] positions, float[][] planes, double ridge, bool cuts, double effort)
    {
        double from = _spent / _effort;
        _spent += effort;
        double until = _spent / _effort;
        var search = new ScatteredSearch(new ScatteredSamples(_lattice, positions, planes), _lattice, ridge, cuts, from + (0.85 * (until - from)), Monitor);
        var (tree, splits) = search.Run(_budget - planes.Length, from + (0.95 * (until - from)));
        var leaves = tree.OfType<LeafFit>().ToArray();
        var solved = new (float[][] Coefficients, double Error)[leaves.Length];
        Monitor.Stage(until, leaves.Length, i => solved[i] = search.Solve(leaves[i]));
        return new SolvedTree(tree, splits, solved);
    }

    private static T[][] Pick<T>(T[][] rows, bool[] held, bool which) => [.. rows.Select(r => r.Where((_, i) => held[i] == which).ToArray())];

    /// <summary>The samples that candidates are fitted to, and those that judge them.</summary>
    private sealed record Split(double[][] Positions, float[][] Planes, double[][] HeldPositions, float[][] HeldPlanes);
}
