using System.Collections.Concurrent;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Tables that depend on a shape alone, shared by a whole process without growing for ever.</summary>
/// <remarks>
/// Two generations: what is asked for lives in the young one; once that is full it becomes the old one, and whatever nobody
/// asks for until the next change is let go. A hit takes no lock. At most twice the limit is held, and one table is made once.
/// </remarks>
/// <param name="most">The weight of a full generation.</param>
/// <param name="create">Makes a table.</param>
/// <param name="weigh">The numbers that a table holds.</param>
internal sealed class BoundedCache<TKey, TValue>(long most, Func<TKey, TValue> create, Func<TValue, long> weigh)
    where TKey : notnull
{
    private readonly object _gate = new();
    private volatile ConcurrentDictionary<TKey, Lazy<TValue>> _young = new();
    private ConcurrentDictionary<TKey, Lazy<TValue>> _old = new();
    private long _weight;

    /// <summary>The number of tables held.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _young.Count + _old.Count;
        }
    }

    /// <summary>The table of a key.</summary>
    public TValue Get(TKey key) => _young.TryGetValue(key, out var table) ? table.Value : Find(key);

    private TValue Find(TKey key)
    {
        Lazy<TValue>? table;
        bool isNew;
        lock (_gate)
        {
            isNew = !_young.TryGetValue(key, out table);
            if (isNew)
            {
                if (!_old.TryRemove(key, out table))
                    table = new Lazy<TValue>(() => create(key));
                _young[key] = table!;
            }
        }

        // Outside the lock: a table may take a second, and may ask for others.
        var value = table!.Value;
        if (!isNew)
            return value;
        lock (_gate)
        {
            _weight += weigh(value);
            if (_weight > most)
                (_old, _young, _weight) = (_young, new ConcurrentDictionary<TKey, Lazy<TValue>>(), 0);
        }

        return value;
    }
}
