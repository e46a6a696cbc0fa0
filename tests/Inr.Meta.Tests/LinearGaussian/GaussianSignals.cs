using Inr.Parameterizations;

namespace Inr.Meta.Tests.LinearGaussian;

/// <summary>Signals drawn from a linear-Gaussian model that the tests know: mean, two directions of known variance, white noise.</summary>
public sealed class GaussianSignals : ISignalDataset, IDisposable
{
    public const int Side = 8;

    private readonly Tensor _values;
    private readonly double _share;

    /// <summary>Draws them.</summary>
    /// <param name="count">Signals.</param>
    /// <param name="noise">Standard deviation of the noise on every value.</param>
    /// <param name="share">The share of the samples that is there.</param>
    /// <param name="seed">The seed.</param>
    public GaussianSignals(int count, double noise = 0, double share = 1, ulong seed = 5)
    {
        _share = share;
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var grid = CoordinateGrid.Create([Side, Side], dtype: float64);
        var row = grid.select(1, 0);
        var column = grid.select(1, 1);
        // Both have the mean square 1 on the grid, and are orthogonal.
        First = (Math.Sqrt(2) * (Math.PI * (row + 1) / 2).cos()).DetachFromDisposeScope();
        Second = (Math.Sqrt(2) * (Math.PI * (column + 1)).cos()).DetachFromDisposeScope();
        Mean = (0.5 + (0.1 * row)).DetachFromDisposeScope();
        var z = randn([count, 2], dtype: float64, device: CPU, generator: generator);
        _values = (Mean + (z.narrow(1, 0, 1) * 0.3 * First) + (z.narrow(1, 1, 1) * 0.1 * Second)
            + (randn([count, Side * Side], dtype: float64, device: CPU, generator: generator) * noise)).to(float32).unsqueeze(-1).DetachFromDisposeScope();
    }

    public Tensor First { get; }

    public Tensor Second { get; }

    public Tensor Mean { get; }

    public int Count => (int)_values.shape[0];

    public static CosineTarget Target() => new(1, [Side, Side]);

    public string GetName(int index) => $"draw {index}";

    public Signal Load(int index)
    {
        var whole = Signal.OnGrid(_values[index].clone(), SignalDomain.Grid(Side, Side), GetName(index));
        if (_share == 1)
            return whole;
        using (whole)
        {
            var (seen, rest) = whole.Split(1 - _share, index);
            rest.Dispose();
            return seen;
        }
    }

    public void Dispose()
    {
        _values.Dispose();
        First.Dispose();
        Second.Dispose();
        Mean.Dispose();
    }
}
