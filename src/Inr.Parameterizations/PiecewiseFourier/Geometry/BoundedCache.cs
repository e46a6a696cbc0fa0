using System.Collections.Concurrent;

namespace Inr.Piecewise;

/// <summary>Tables that depend on a size alone, kept in a process up to a number of bytes; the ones that were not used for longest go first.</summary>
/// <remarks>
/// A table that is larger than the whole cache is not kept. Whoever got a table may go on using it after it left the cache.
/// Tables of one key are equal, so two threads that miss at once may both make one.
/// </remarks>
/// <typeparam name="TKey">The size.</typeparam>
/// <typeparam name="TValue">The table.</typeparam>
internal sealed class BoundedCache<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly object _gate = new();
    private readonly Func<TValue, long> _bytes;
    private readonly long _capacity;
    // Counts misses: all uses between two of them are equally recent.
    private long _clock;
    private long _held;

    /// <param name="capacity">Bytes that all tables may take together.</param>
    /// <param name="bytes">The bytes of a table.</param>
    public BoundedCache(long capacity, Func<TValue, long> bytes)
    {
        _capacity = capacity;
        _bytes = bytes;
    }

    /// <summary>The bytes of the tables that are held.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>The table of a size, or null where it is not held.</summary>
    public TValue? Find(TKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;
        entry.LastUse = Volatile.Read(ref _clock);
        return entry.Value;
    }

    /// <summary>Keeps a table, and lets others go where the room is needed.</summary>
    /// <returns>The table.</returns>
    public TValue Keep(TKey key, TValue value)
    {
        long bytes = _bytes(value);
        if (bytes > _capacity)
            return value;
        lock (_gate)
        {
            if (!_entries.TryAdd(key, new Entry(value, bytes, ++_clock)))
                return value;
            _held += bytes;
            if (_held > _capacity)
                MakeRoom();
        }

        return value;
    }

    private void MakeRoom()
    {
        foreach (var (key, _) in _entries.OrderBy(e => e.Value.LastUse).ToArray())
        {
            if (_held <= _capacity)
                return;
            if (_entries.TryRemove(key, out var gone))
                _held -= gone.Bytes;
        }
    }

    private sealed class Entry(TValue value, long bytes, long use)
    {
        public TValue Value { get; } = value;

        public long Bytes { get; } = bytes;

        public long LastUse { get; set; } = use;
    }
}
