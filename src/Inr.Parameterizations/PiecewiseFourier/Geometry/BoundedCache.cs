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
    where TValue : class
{
    private readonly object _gate = new();
    private volatile ConcurrentDictionary<TKey, Slot> _young = new();
    private ConcurrentDictionary<TKey, Slot> _old = new();
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

    /// <summary>The weight of the tables of the young generation.</summary>
    public long Weight
    {
        get
        {
            lock (_gate)
                return _weight;
        }
    }

    /// <summary>The table of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Makes the table in place of what the cache was told, where making can be stopped; what it throws leaves nothing behind.</param>
    public TValue Get(TKey key, Func<TKey, TValue>? make = null) => _young.TryGetValue(key, out var slot) ? slot.Get(key, make ?? create) : Find(key, make ?? create);

    private TValue Find(TKey key, Func<TKey, TValue> make)
    {
        Slot? slot;
        bool isNew;
        lock (_gate)
        {
            isNew = !_young.TryGetValue(key, out slot);
            if (isNew)
            {
                if (!_old.TryRemove(key, out slot))
                    slot = new Slot();
                _young[key] = slot;
            }
        }

        // Outside the lock: a table may take a second, and may ask for others.
        TValue value;
        try
        {
            value = slot!.Get(key, make);
        }
        catch
        {
            // The next one who asks starts anew, so that what it makes is weighed.
            _young.TryRemove(new KeyValuePair<TKey, Slot>(key, slot!));
            throw;
        }

        if (!isNew)
            return value;
        lock (_gate)
        {
            _weight += weigh(value);
            if (_weight > most)
                (_old, _young, _weight) = (_young, new ConcurrentDictionary<TKey, Slot>(), 0);
        }

        return value;
    }

    // The place of one table, which its first user makes while the others wait.
    private sealed class Slot
    {
        private volatile TValue? _value;

        public TValue Get(TKey key, Func<TKey, TValue> create)
        {
            if (_value is { } made)
                return made;
            lock (this)
                return _value ??= create(key);
        }
    }
}
