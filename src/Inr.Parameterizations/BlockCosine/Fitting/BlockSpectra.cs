using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The spectra of many small blocks: their curves are kept, the spectra are made again where terms are asked for.</summary>
internal sealed class BlockSpectra : CosineSpectra
{
    /// <summary>Blocks whose curves lie together.</summary>
    private const int BlocksAtOnce = 128;

    private readonly SampledGrid _grid;
    private readonly BoxClass _blocks;
    private readonly PrefixCurves[] _curves;
    private readonly BlockOrders _orders = new();

    /// <param name="grid">The samples.</param>
    /// <param name="side">The side of the blocks.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public BlockSpectra(SampledGrid grid, int side, double until, FitMonitor monitor)
    {
        _grid = grid;
        Side = side;
        _blocks = new BoxLattice(grid.Shape, side, side).Classes[0];
        _curves = new PrefixCurves[(_blocks.Count + BlocksAtOnce - 1) / BlocksAtOnce];
        monitor.Stage(until, _curves.Length, k => _curves[k] = Curves(k * BlocksAtOnce, Math.Min(_blocks.Count, (k + 1) * BlocksAtOnce), monitor));
    }

    /// <inheritdoc/>
    public override int Side { get; }

    /// <inheritdoc/>
    public override int Count => _blocks.Count * _grid.Channels;

    /// <inheritdoc/>
    public override int Length(int spectrum) => Box(spectrum / _grid.Channels).Order.Length;

    /// <inheritdoc/>
    public override (int Length, double Error) Best(int spectrum, double price)
    {
        int perGroup = BlocksAtOnce * _grid.Channels;
        return _curves[spectrum / perGroup].Best(spectrum % perGroup, price);
    }

    /// <inheritdoc/>
    public override void Read(int spectrum, int first, Span<double> values)
    {
        var (start, shape, order) = Box(spectrum / _grid.Channels);
        RegionSolver.Spectrum(shape, order.AsSpan(first, values.Length), [_grid.Values(spectrum % _grid.Channels, start, shape)]).CopyTo(values);
    }

    /// <inheritdoc/>
    public override double Scale(int spectrum, int term)
    {
        var (_, shape, order) = Box(spectrum / _grid.Channels);
        return RegionSolver.Scale(shape, order[term]);
    }

    private PrefixCurves Curves(int first, int end, FitMonitor monitor)
    {
        var curves = new PrefixCurves();
        double[] values = [];
        for (int block = first; block < end; block++)
        {
            monitor.Poll();
            var (start, shape, order) = Box(block);
            if (values.Length != order.Length)
                values = new double[order.Length];
            for (int c = 0; c < _grid.Channels; c++)
            {
                _grid.Read(c, start, shape, values);
                var spectrum = BoxTransform.Apply(shape, values, shape);
                double left = 0;
                foreach (int f in order)
                    left += spectrum[f] * spectrum[f];
                curves.Begin(left);
                for (int n = 0; n < order.Length; n++)
                {
                    double q = spectrum[order[n]];
                    left -= q * q;
                    curves.Add(n + 1, left);
                }
            }
        }

        curves.Trim();
        return curves;
    }

    private (int[] Start, int[] Shape, int[] Order) Box(int block)
    {
        int d = _grid.Shape.Length;
        int[] position = new int[d], start = new int[d], shape = new int[d];
        _blocks.Position(block, position);
        for (int a = 0; a < d; a++)
            (start[a], shape[a]) = _blocks.Extent(a, position[a]);
        return (start, shape, _orders.Get(shape));
    }
}
