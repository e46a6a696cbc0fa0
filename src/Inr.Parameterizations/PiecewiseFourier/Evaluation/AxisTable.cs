namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The samples of a rendered axis that lie in each interval of the fitted grid, with the cosines of that interval at them.</summary>
internal sealed class AxisTable
{
    private readonly AxisSamples _samples;
    private readonly int _from;
    private readonly int _to;
    private readonly Dictionary<(int Start, int Side), Axis> _intervals = [];
    private readonly Dictionary<(int Side, int Offset, int Count), float[]> _shared = [];

    /// <param name="samples">Where the samples of the axis lie.</param>
    /// <param name="from">The first sample that is rendered.</param>
    /// <param name="to">The one after the last.</param>
    public AxisTable(AxisSamples samples, int from, int to)
    {
        _samples = samples;
        _from = from;
        _to = to;
    }

    /// <summary>The interval that was prepared.</summary>
    public Axis Get(int start, int side) => _intervals[(start, side)];

    /// <summary>Prepares an interval of the fitted grid.</summary>
    public void Prepare(int start, int side)
    {
        if (_intervals.ContainsKey((start, side)))
            return;
        var (first, end) = _samples.Interval(start, side);
        first = Math.Clamp(first, _from, _to);
        int count = Math.Clamp(end, _from, _to) - first, padded = (count + 7) / 8 * 8;
        // Where both grids agree, all intervals of one length share their cosines.
        var key = (side, first - start, count);
        if (!_samples.IsAligned || !_shared.TryGetValue(key, out var cosines))
        {
            cosines = new float[side * padded];
            for (int u = 0; u < side; u++)
            {
                for (int i = 0; i < count; i++)
                    cosines[(u * padded) + i] = (float)Math.Cos(Math.PI * u * ((_samples.Position(first + i) - start) / side));
            }

            if (_samples.IsAligned)
                _shared[key] = cosines;
        }

        _intervals[(start, side)] = new Axis(first, count, padded, cosines, _samples, start);
    }
}
