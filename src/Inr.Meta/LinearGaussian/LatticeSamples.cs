namespace Inr.Meta;

/// <summary>Samples of many signals, each at the nearest cell of one grid; samples of one cell are averaged.</summary>
internal sealed class LatticeSamples : IDisposable
{
    private readonly int[] _shape;
    private readonly int _channels;
    private readonly List<(Tensor Cells, Tensor Values)> _signals = [];

    public LatticeSamples(int[] shape, int channels)
    {
        _shape = shape;
        _channels = channels;
        CellCount = SignalDomain.Grid(shape).SampleCount;
    }

    /// <summary>Signals.</summary>
    public int Count => _signals.Count;

    /// <summary>Cells of the grid N.</summary>
    public long CellCount { get; }

    /// <summary>Channels c.</summary>
    public int Channels => _channels;

    /// <summary>Cells that are seen, of all signals.</summary>
    public long Seen { get; private set; }

    /// <summary>Takes the samples of a signal; the caller keeps it.</summary>
    public void Add(Signal signal)
    {
        using var scope = NewDisposeScope();
        var places = signal.CoordinatesOf(0, signal.SampleCount).to(float64);
        var cells = zeros([places.shape[0]], int64, places.device);
        for (int axis = 0; axis < _shape.Length; axis++)
            cells = (cells * _shape[axis]) + ((places.select(1, axis) + 1) * (_shape[axis] / 2.0)).floor().clamp(0, _shape[axis] - 1).to(int64);
        var (own, inverse, counts) = cells.unique(sorted: true, return_inverse: true, return_counts: true);
        var values = zeros([own.shape[0], _channels], float32, places.device).index_add(0, inverse!, signal.Values.to(float32), 1) / counts!.unsqueeze(1);
        _signals.Add((own.cpu().DetachFromDisposeScope(), values.cpu().DetachFromDisposeScope()));
        Seen += own.shape[0];
    }

    /// <summary>Signals in batches of as many cells each: their positions, cells [B,M] and values [B,M·c].</summary>
    /// <param name="most">Signals of a batch for a number of cells.</param>
    public IEnumerable<(long[] Signals, Tensor Cells, Tensor Values)> Batches(Func<long, int> most)
    {
        foreach (var group in Enumerable.Range(0, Count).GroupBy(i => _signals[i].Cells.shape[0]))
        {
            foreach (int[] part in group.Chunk(Math.Max(1, most(group.Key))))
            {
                using var scope = NewDisposeScope();
                yield return ([.. part.Select(i => (long)i)], stack([.. part.Select(i => _signals[i].Cells)]), stack([.. part.Select(i => _signals[i].Values.reshape(-1))]));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (cells, values) in _signals)
        {
            cells.Dispose();
            values.Dispose();
        }
    }
}
