using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>Fits block cosines, or one block over everything: each block and channel keeps the prefix that minimizes error + λ·floats.</summary>
internal sealed class CosineFit : ClosedForm
{
    /// <summary>The share of the fit that goes into reading the signal, and the share of the rest that goes into spectra.</summary>
    private const double ReadShare = 0.05, SpectraShare = 0.9;

    private readonly Signal _signal;
    private readonly int[] _shape;
    private readonly int[] _sides;
    private readonly bool _global;
    private readonly int _budget;
    private float[]? _level;
    private PrefixChoice? _best;

    /// <param name="signal">A signal on a grid of 1 to 3 axes.</param>
    /// <param name="options">The budget and the blocks.</param>
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    /// <exception cref="InrException">The memory is too small for the signal.</exception>
    public CosineFit(Signal signal, BlockCosineOptions options, FitMonitor monitor)
        : base(monitor)
    {
        _signal = signal;
        _shape = [.. signal.Domain.GridShape];
        _global = options.Global;
        _budget = options.FloatBudget;
        _sides = _global ? [_shape.Max()] : options.BlockSide is { } side ? [side] : [8, 16];
        (_global ? MemoryNeed.OfGlobalCosine(_shape, signal.Channels, _budget) : MemoryNeed.OfBlockCosine(_shape, signal.Channels))
            .Require($"A fit of {(_global ? "a global cosine" : "block cosines")} to {signal}", "Use a smaller signal, or a part of it; of a sound, a number of samples with a divisor near its root, such as whole seconds.");
    }

    /// <summary>The fewest numbers that θ takes with a prefix length for each block and channel and one coefficient per channel.</summary>
    public long SmallestBudget => _sides.Min(Spectra) + (2 * _signal.Channels);

    /// <inheritdoc/>
    protected override Solution Run()
    {
        _level = SignalReader.Level(_signal);
        Monitor.Loss = SignalReader.Energy(_signal, _level) / Samples;
        SampledGrid? grid = _global ? null : new SampledGrid(_shape, SignalReader.Planes(_signal, _level, ReadShare, Monitor));
        int channels = _signal.Channels, budget = _budget - channels;
        int[] sides = [.. _sides.Where(s => budget >= Spectra(s) + channels)];
        for (int i = 0; i < sides.Length; i++)
        {
            double share = (1 - ReadShare) / sides.Length, from = ReadShare + (i * share), until = from + (SpectraShare * share);
            CosineSpectra spectra = grid is null ? new GlobalSpectra(_signal, _level, budget, until, Monitor) : new BlockSpectra(grid, sides[i], until, Monitor);
            var choice = new PrefixChoice(spectra, budget, from + share, Monitor);
            if (_best is null || choice.Error < _best.Error)
                _best = choice;
            Monitor.Loss = _best.Error / Samples;
        }

        return Assemble(_best!, "Solved in closed form");
    }

    /// <inheritdoc/>
    /// <remarks>The blocks of the side that was finished; before that the level of the signal.</remarks>
    protected override Solution BestSoFar()
    {
        if (_best is not null)
            return Assemble(_best, "Other sides of blocks were not tried");
        _level ??= SignalReader.Level(_signal);
        int side = _sides.MinBy(Spectra);
        return Assemble(side, new float[Spectra(side)], [], SignalReader.Energy(_signal, _level), "Nothing was found yet: the level of the signal");
    }

    private double Samples => (double)_signal.SampleCount * _signal.Channels;

    // The blocks and channels of a side.
    private long Spectra(int side) => _shape.Aggregate((long)_signal.Channels, (p, n) => p * ((n + side - 1) / side));

    private Solution Assemble(PrefixChoice choice, string how) => Assemble(choice.Spectra.Side, choice.Prefixes(), choice.Coefficients(), choice.Error, how);

    private Solution Assemble(int side, float[] prefixes, float[] coefficients, double error, string how)
    {
        int channels = _signal.Channels;
        var target = new BlockCosineTarget(_shape, channels, side, coefficients.Length, _global);
        var parameters = new ParameterSet(target.Layout, [tensor(_level!), tensor(prefixes, [prefixes.Length / channels, channels]), tensor(coefficients)]);
        return new Solution(target, parameters, error / Samples, $"{how}: blocks of side {side}, {target.Layout.FloatCount} of {_budget} floats.");
    }
}
