namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The samples of a rendered grid that lie in each interval of one axis, with the cosines of that interval at them.</summary>
internal sealed class AxisTable
{
    private readonly int _fitted;
    private readonly int _rendered;
    private readonly Dictionary<(int Start, int Side), Axis> _intervals = [];
    private readonly Dictionary<int, float[]> _aligned = [];

    /// <param name="fitted">Samples of the fitted grid on this axis.</param>
    /// <param name="rendered">Samples of the rendered grid.</param>
    public AxisTable(int fitted, int rendered)
    {
        _fitted = fitted;
        _rendered = rendered;
    }

    /// <summary>The interval that was prepared.</summary>
    public Axis Get(int start, int side) => _intervals[(start, side)];

    /// <summary>Prepares an interval of the fitted grid.</summary>
    public void Prepare(int start, int side)
    {
        if (_intervals.ContainsKey((start, side)))
            return;
        // Sample i lies at (i + ½)·fitted/rendered; the interval is half open.
        double step = (double)_fitted / _rendered;
        int first = Crossing(start), last = start + side >= _fitted ? _rendered : Crossing(start + side);
        int count = last - first, padded = (count + 7) / 8 * 8;
        // Where both grids agree, all intervals of one length share their cosines.
        bool aligned = _fitted == _rendered;
        if (!aligned || !_aligned.TryGetValue(side, out var cosines))
        {
            cosines = new float[side * padded];
            for (int u = 0; u < side; u++)
            {
                for (int i = 0; i < count; i++)
                    cosines[(u * padded) + i] = (float)Math.Cos(Math.PI * u * ((((first + i + 0.5) * step) - start) / side));
            }

            if (aligned)
                _aligned[side] = cosines;
        }

        _intervals[(start, side)] = new Axis(first, count, padded, cosines, step, start);

        int Crossing(int boundary) => (int)Math.Clamp(Math.Ceiling((boundary / step) - 0.5), 0, _rendered);
    }
}
