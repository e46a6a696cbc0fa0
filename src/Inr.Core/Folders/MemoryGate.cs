namespace Inr.Folders;

/// <summary>Lets work begin while what it needs together stays below a limit; what needs more than the limit runs alone.</summary>
internal sealed class MemoryGate
{
    private readonly object _lock = new();
    private readonly long _limit;
    private readonly CancellationToken _cancellation;
    private long _used;

    /// <param name="limit">In bytes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public MemoryGate(long limit, CancellationToken cancellation)
    {
        _limit = limit;
        _cancellation = cancellation;
    }

    /// <summary>Waits for room and runs work.</summary>
    /// <param name="bytes">What it needs.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="OperationCanceledException">The caller ended the waiting.</exception>
    public T Run<T>(long bytes, Func<T> work)
    {
        lock (_lock)
        {
            while (_used > 0 && _used + bytes > _limit)
            {
                _cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_lock, 100);
            }

            _used += bytes;
        }

        try
        {
            return work();
        }
        finally
        {
            lock (_lock)
            {
                _used -= bytes;
                Monitor.PulseAll(_lock);
            }
        }
    }
}
