namespace Inr.Evaluation;

/// <summary>Lets a fitter that needs a full grid fit samples of a part of it: each missing sample is that of the nearest known one.</summary>
/// <remarks>It makes the null models stand where the context is sparse: what a closed form without any learned structure can do there.</remarks>
internal sealed class NearestFill : ISignalFitter
{
    private readonly ISignalFitter _inner;
    private readonly int[] _grid;

    /// <param name="inner">The fitter of full grids; disposed of with this one.</param>
    /// <param name="grid">The grid that the samples were taken from.</param>
    public NearestFill(ISignalFitter inner, IReadOnlyList<int> grid)
    {
        _inner = inner;
        _grid = [.. grid];
    }

    /// <inheritdoc/>
    public ITargetFunction? Target => _inner.Target;

    /// <inheritdoc/>
    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (context.Domain.IsGrid)
            return _inner.Fit(context, progress, cancellationToken);
        using var filled = Fill(context);
        return _inner.Fit(filled, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private Signal Fill(Signal context)
    {
        int channels = context.Channels;
        var known = Places(context);
        float[] given = Numbers(context.Values);
        var nearest = Nearest(known);
        var values = new float[nearest.Length * channels];
        for (int i = 0; i < nearest.Length; i++)
            given.AsSpan(nearest[i] * channels, channels).CopyTo(values.AsSpan(i * channels));
        return Signal.OnGrid(tensor(values, [nearest.Length, channels]), SignalDomain.Grid(_grid), context.Name, context.Format);
    }

    // Cell centres lie at (2i+1)/n − 1.
    private int[] Places(Signal context)
    {
        float[] coordinates = Numbers(context.Coordinates);
        var places = new int[context.SampleCount];
        for (int s = 0; s < places.Length; s++)
        {
            for (int axis = 0; axis < _grid.Length; axis++)
            {
                double index = (((coordinates[(s * _grid.Length) + axis] + 1) * _grid[axis]) - 1) / 2;
                places[s] = (places[s] * _grid[axis]) + Math.Clamp((int)Math.Round(index), 0, _grid[axis] - 1);
            }
        }

        return places;
    }

    // Waves run from all known samples at once, a step along an axis at a time: the nearest in city blocks.
    private int[] Nearest(int[] known)
    {
        var nearest = new int[_grid.Aggregate(1, (product, n) => product * n)];
        Array.Fill(nearest, -1);
        var front = new Queue<int>();
        for (int s = 0; s < known.Length; s++)
        {
            nearest[known[s]] = s;
            front.Enqueue(known[s]);
        }

        while (front.TryDequeue(out int place))
        {
            int stride = 1;
            for (int axis = _grid.Length - 1; axis >= 0; axis--)
            {
                int index = place / stride % _grid[axis];
                if (index > 0)
                    Reach(place, place - stride);
                if (index < _grid[axis] - 1)
                    Reach(place, place + stride);
                stride *= _grid[axis];
            }
        }

        return nearest;

        void Reach(int from, int to)
        {
            if (nearest[to] >= 0)
                return;
            nearest[to] = nearest[from];
            front.Enqueue(to);
        }
    }

    private static float[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.to(float32).cpu().contiguous().data<float>().ToArray();
    }
}
