using System.Diagnostics;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>Fits a <see cref="BlockCosineTarget"/> in closed form: each block keeps the prefix that minimises error + λ·floats.</summary>
/// <remarks>The price λ is bisected until the budget is met; prefix lengths count as one number each.</remarks>
public sealed class BlockCosineFitter : ISignalFitter
{
    private readonly BlockCosineOptions _options;
    private readonly (int Input, int Output)? _dimensions;

    /// <summary>Creates a fitter for signals of given dimensions.</summary>
    internal BlockCosineFitter(BlockCosineOptions options, int inputDimension, int outputDimension)
        : this(options)
    {
        _dimensions = (inputDimension, outputDimension);
    }

    /// <summary>Creates a fitter.</summary>
    /// <param name="options">The budget and the blocks; read once.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public BlockCosineFitter(BlockCosineOptions? options = null)
    {
        _options = options ?? new BlockCosineOptions();
        new BlockCosineOptionsValidator().ThrowIfInvalid(_options);
    }

    /// <summary>Null: each fit has its own number of coefficients.</summary>
    public ITargetFunction? Target => null;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The signal is scattered, has more than 3 coordinates, or the budget is too small for it.</exception>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        SignalReader.RequireDimensions(context, _dimensions);
        if (!context.Domain.IsGrid || context.InputDimension > 3)
            throw new ArgumentException($"Block cosines need samples that fill a grid of 1 to 3 axes; the signal is {context}.", nameof(context));
        var clock = Stopwatch.StartNew();
        var (planes, level) = SignalReader.Read(context);
        var grid = new SampledGrid([.. context.Domain.GridShape], planes);
        int[] sides = _options.Global ? [grid.Shape.Max()] : _options.BlockSide is { } side ? [side] : [8, 16];
        Plan? best = null;
        foreach (int s in sides)
        {
            if (best is not null && cancellationToken.IsCancellationRequested)
                break;
            var plan = new Plan(grid, s, _options.FloatBudget - grid.Channels);
            if (plan.Fits && (best is null || plan.Error < best.Error))
                best = plan;
        }

        if (best is null)
        {
            int least = sides.Min(s => (2 * new BoxLattice(grid.Shape, s, s).BoxCount * grid.Channels) + grid.Channels);
            throw new ArgumentException($"A budget of {_options.FloatBudget} floats cannot hold a prefix length and a coefficient for each block and channel of this signal ({context}); the smallest workable budget is {least}.", nameof(context));
        }

        var (prefixes, coefficients) = best.Numbers();
        var target = new BlockCosineTarget(grid.Shape, grid.Channels, best.Side, coefficients.Length, _options.Global);
        var parameters = new ParameterSet(target.Layout, [tensor(level), tensor(prefixes, [prefixes.Length / grid.Channels, grid.Channels]), tensor(coefficients)]);
        double loss = best.Error / ((double)grid.Planes[0].Length * grid.Channels);
        progress?.Report(new FitProgress(1, 1, loss, clock.Elapsed));
        return new FitResult
        {
            Representation = new ImplicitRepresentation(target, parameters, context.Domain) { Format = context.Format },
            Status = cancellationToken.IsCancellationRequested ? FitStatus.Cancelled : FitStatus.Completed,
            Message = $"Solved in closed form: blocks of side {best.Side}, {target.Layout.FloatCount} of {_options.FloatBudget} floats.",
            Steps = 0,
            Loss = loss,
            Elapsed = clock.Elapsed,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // The spectra of all blocks for one side, and the prefixes that meet the budget.
    private sealed class Plan
    {
        private readonly BlockOrders _orders = new();
        private readonly int _channels;
        private readonly double[][] _spectra;
        private readonly int[][] _shapes;
        private readonly int[] _lengths;

        public Plan(SampledGrid grid, int side, int budget)
        {
            Side = side;
            _channels = grid.Channels;
            var blocks = new BoxLattice(grid.Shape, side, side).Classes[0];
            _spectra = new double[blocks.Count * _channels][];
            _shapes = new int[blocks.Count][];
            _lengths = new int[_spectra.Length];
            // One coefficient for each channel at the least, beside the prefix lengths.
            Fits = budget >= _spectra.Length + _channels;
            if (!Fits)
                return;

            Parallel.For(0, blocks.Count, b =>
            {
                var position = new int[grid.Shape.Length];
                blocks.Position(b, position);
                int[] start = [.. position.Select((p, a) => blocks.Extent(a, p).Start)];
                _shapes[b] = [.. position.Select((p, a) => blocks.Extent(a, p).Side)];
                var order = _orders.Get(_shapes[b]);
                var values = grid.Values(start, _shapes[b]);
                for (int c = 0; c < _channels; c++)
                {
                    var spectrum = RegionSolver.Spectrum(_shapes[b], values[c]);
                    _spectra[(b * _channels) + c] = [.. order.Select(f => spectrum[f])];
                }
            });

            double low = -80, high = 40;
            for (int i = 0; i < 60; i++)
            {
                double middle = (low + high) / 2;
                if (Choose(Math.Exp(middle)) + _spectra.Length > budget)
                    low = middle;
                else
                    high = middle;
            }

            SpendRest(budget - _spectra.Length - Choose(Math.Exp(high)));
        }

        public int Side { get; }

        public bool Fits { get; }

        public double Error { get; private set; }

        public (float[] Prefixes, float[] Coefficients) Numbers()
        {
            var coefficients = new List<float>();
            for (int b = 0; b < _shapes.Length; b++)
            {
                var order = _orders.Get(_shapes[b]);
                var scale = RegionSolver.Scales(_shapes[b]);
                for (int c = 0; c < _channels; c++)
                {
                    int i = (b * _channels) + c;
                    for (int j = 0; j < _lengths[i]; j++)
                        coefficients.Add((float)(_spectra[i][j] * scale[order[j]]));
                }
            }

            return (Array.ConvertAll(_lengths, n => (float)n), [.. coefficients]);
        }

        // Prefixes jump from one good length to the next; what the jumps leave over goes where it gains most.
        private void SpendRest(long rest)
        {
            foreach (int i in Enumerable.Range(0, _spectra.Length).OrderByDescending(i => Extension(i, rest).Gain))
            {
                int length = Extension(i, rest).Length;
                for (int n = _lengths[i]; n < length; n++)
                    Error -= _spectra[i][n] * _spectra[i][n];
                rest -= length - _lengths[i];
                _lengths[i] = length;
                if (rest == 0)
                    break;
            }

            Error = Math.Max(0, Error);
        }

        private (double Gain, int Length) Extension(int i, long floats)
        {
            double gain = 0, best = 0;
            int length = _lengths[i];
            for (int n = _lengths[i]; n < _spectra[i].Length && n - _lengths[i] < floats; n++)
            {
                gain += _spectra[i][n] * _spectra[i][n];
                double ratio = gain / (n + 1 - _lengths[i]);
                if (ratio > best)
                    (best, length) = (ratio, n + 1);
            }

            return (best, length);
        }

        private long Choose(double price)
        {
            var errors = new double[_spectra.Length];
            Parallel.For(0, _spectra.Length, i =>
            {
                double left = 0, best;
                foreach (double q in _spectra[i])
                    left += q * q;
                best = errors[i] = left;
                _lengths[i] = 0;
                for (int n = 1; n <= _spectra[i].Length && left > price; n++)
                {
                    left -= _spectra[i][n - 1] * _spectra[i][n - 1];
                    if (left + (price * n) < best)
                    {
                        best = left + (price * n);
                        _lengths[i] = n;
                        errors[i] = Math.Max(0, left);
                    }
                }
            });
            Error = errors.Sum();
            return _lengths.Sum(n => (long)n);
        }
    }
}
