namespace Inr.Meta;

/// <summary>Hands out the signals of each step: every epoch in a new order, decoded once, broken ones replaced and noted.</summary>
internal sealed class SignalSource : IDisposable
{
    private readonly ISignalDataset _signals;
    private readonly MetaTrainingOptions _options;
    private readonly Dictionary<int, Signal> _cache = [];
    private readonly Dictionary<int, SkippedSignal> _broken = [];
    private readonly List<SkippedSignal> _unreported = [];
    // Signals over the memory bound: they live until their batch is stacked.
    private readonly Dictionary<int, Signal> _borrowed = [];
    private long _cachedBytes;
    private long _epoch = -1;
    private long[] _order = [];

    public SignalSource(ISignalDataset signals, MetaTrainingOptions options)
    {
        _signals = signals;
        _options = options;
    }

    /// <summary>The signals that could not be read so far.</summary>
    public IReadOnlyCollection<SkippedSignal> Broken => _broken.Values;

    /// <summary>The sampling of the first signal that was read, or null; those of a training have one shape, since they are stacked.</summary>
    public SignalDomain? Domain { get; private set; }

    /// <summary>The signals that could not be read since the last call.</summary>
    public IReadOnlyList<SkippedSignal> TakeUnreported()
    {
        SkippedSignal[] taken = [.. _unreported];
        _unreported.Clear();
        return taken;
    }

    /// <summary>The batch of an outer step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="device">Where the batch lives.</param>
    /// <param name="cancellation">Ends the step.</param>
    public MetaBatch Batch(int step, Device device, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var indices = new int[_options.BatchSize];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = Readable(At(((long)step * _options.BatchSize) + i));
        return Assemble(indices, step, device, cancellation);
    }

    /// <summary>The first signals in their own order, whole, in batches; broken ones are left out.</summary>
    public IEnumerable<MetaBatch> InOrder(int limit, Device device, CancellationToken cancellation)
    {
        int count = Math.Min(limit, _signals.Count);
        for (int start = 0; start < count; start += _options.BatchSize)
        {
            var indices = Enumerable.Range(start, Math.Min(_options.BatchSize, count - start)).Where(i => Load(i) is not null).ToArray();
            if (indices.Length > 0)
                yield return Assemble(indices, null, device, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(_cache);
        Release(_borrowed);
    }

    private static void Release(Dictionary<int, Signal> signals)
    {
        foreach (var signal in signals.Values)
            signal.Dispose();
        signals.Clear();
    }

    private MetaBatch Assemble(IReadOnlyList<int> indices, int? step, Device device, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var names = indices.Select(_signals.GetName).ToArray();
        using var whole = SignalBatch.Stack([.. indices.Select(i => Load(i)!)]);
        Release(_borrowed);
        if (step is null || (_options.ContextFraction == 1 && _options.QueryFraction == 1))
            return new MetaBatch(whole.To(device), null, names) { Cancellation = cancellation };

        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Samples, step.Value);
        var context = SampleSubset.Draw(whole, _options.ContextFraction, generator);
        using var query = SampleSubset.Draw(whole, _options.QueryFraction, generator);
        using (context)
            return new MetaBatch(context.To(device), query.To(device), names) { Cancellation = cancellation };
    }

    private int At(long position)
    {
        long epoch = position / _signals.Count;
        if (epoch != _epoch)
        {
            using var scope = NewDisposeScope();
            using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Order, epoch);
            _order = randperm(_signals.Count, device: CPU, generator: generator).data<long>().ToArray();
            _epoch = epoch;
        }

        return (int)_order[position % _signals.Count];
    }

    // The signal itself, or the next one that can be read: which one depends on the files alone, not on the run so far.
    private int Readable(int index)
    {
        for (int tried = 0; tried < _signals.Count; tried++)
        {
            int candidate = (index + tried) % _signals.Count;
            if (Load(candidate) is not null)
                return candidate;
        }

        var first = _broken.Values.First();
        throw new InrException($"None of the {_signals.Count} signals can be read; the first failure: '{first.Name}': {first.Reason}");
    }

    private Signal? Load(int index)
    {
        if (_cache.TryGetValue(index, out var cached) || _borrowed.TryGetValue(index, out cached))
            return cached;
        if (_broken.ContainsKey(index))
            return null;
        try
        {
            var signal = _signals.Load(index);
            Domain ??= signal.Domain;
            // A grid's coordinates are made for each batch.
            long bytes = signal.SampleCount * (signal.Channels + (signal.Domain.IsGrid ? 0 : signal.InputDimension)) * signal.Values.element_size();
            bool fits = _cachedBytes + bytes <= _options.CacheBytes;
            (fits ? _cache : _borrowed).Add(index, signal);
            _cachedBytes += fits ? bytes : 0;
            return signal;
        }
        catch (SignalLoadException e)
        {
            var skipped = new SkippedSignal(_signals.GetName(index), e.Message);
            _broken.Add(index, skipped);
            _unreported.Add(skipped);
            return null;
        }
    }
}
