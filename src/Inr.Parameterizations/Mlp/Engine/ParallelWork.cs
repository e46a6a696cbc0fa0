using System.Runtime.ExceptionServices;

namespace Inr.Parameterizations.Engine;

/// <summary>Items that threads take from one counter; an object that is used again allocates nothing.</summary>
internal abstract class ParallelWork
{
    private readonly object _gate = new();
    private int _next;
    private int _helpers;
    private Exception? _failure;

    /// <summary>Room for the threads that help in a run.</summary>
    internal List<WorkerPool.Worker> Helpers { get; } = [];

    /// <summary>The number of items.</summary>
    public abstract int Items { get; }

    /// <summary>Does one item.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="slot">The thread's number in this run: 0 for the caller. Two threads never have the same one.</param>
    protected abstract void Do(int item, int slot);

    /// <summary>Before a run, on the calling thread.</summary>
    internal void Begin(int helpers)
    {
        _next = 0;
        _failure = null;
        Volatile.Write(ref _helpers, helpers);
    }

    /// <summary>Takes items until there are none.</summary>
    internal void TakeItems(int slot)
    {
        int items = Items;
        try
        {
            for (int item = Interlocked.Increment(ref _next) - 1; item < items; item = Interlocked.Increment(ref _next) - 1)
                Do(item, slot);
        }
#pragma warning disable CA1031 // It is thrown again on the calling thread.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _next, items);
            _failure = e;
        }
    }

    /// <summary>A helper has ended, or was called back before it began.</summary>
    internal void Leave()
    {
        lock (_gate)
        {
            if (--_helpers == 0)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the helpers.</summary>
    internal void End()
    {
        var spin = default(SpinWait);
        while (!spin.NextSpinWillYield && Volatile.Read(ref _helpers) > 0)
            spin.SpinOnce();
        lock (_gate)
        {
            while (_helpers > 0)
                Monitor.Wait(_gate);
        }

        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }
}
