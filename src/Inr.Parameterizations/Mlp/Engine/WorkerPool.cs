namespace Inr.Parameterizations.Engine;

/// <summary>Threads of the engine: they sleep until there is work, and the caller never waits for one that has not begun.</summary>
internal static class WorkerPool
{
    private static readonly object Gate = new();
    private static readonly Stack<Worker> Idle = [];
    private static int _created;

    /// <summary>Runs all items of a work on the calling thread and on helpers.</summary>
    /// <param name="work">The work; nobody else may run it meanwhile.</param>
    /// <param name="threads">The most threads, the caller included.</param>
    public static void Run(ParallelWork work, int threads)
    {
        threads = Math.Min(threads, work.Items);
        int helpers = 0;
        var taken = work.Helpers;
        if (threads > 1)
        {
            lock (Gate)
            {
                for (; helpers < threads - 1 && (Idle.Count > 0 || _created < Math.Max(Environment.ProcessorCount, threads) - 1); helpers++)
                {
                    if (!Idle.TryPop(out var worker))
                    {
                        worker = new Worker();
                        _created++;
                    }

                    if (helpers < taken.Count)
                        taken[helpers] = worker;
                    else
                        taken.Add(worker);
                }
            }
        }

        work.Begin(helpers);
        for (int i = 0; i < helpers; i++)
            taken[i].Give(work, i + 1);
        work.TakeItems(0);
        for (int i = 0; i < helpers; i++)
        {
            // It goes to the idle ones when it wakes.
            if (taken[i].TryCallBack(work))
                work.Leave();
        }

        work.End();
    }

    /// <summary>A thread that sleeps between works.</summary>
    internal sealed class Worker
    {
        private readonly object _bell = new();
        private bool _rings;
        private ParallelWork? _work;
        private int _slot;

        public Worker() => new Thread(Loop) { IsBackground = true, Name = "Inr engine" }.Start();

        public void Give(ParallelWork work, int slot)
        {
            _slot = slot;
            Volatile.Write(ref _work, work);
            lock (_bell)
            {
                _rings = true;
                Monitor.Pulse(_bell);
            }
        }

        public bool TryCallBack(ParallelWork work) => ReferenceEquals(Interlocked.CompareExchange(ref _work, null, work), work);

        private void Loop()
        {
            while (true)
            {
                lock (_bell)
                {
                    while (!_rings)
                        Monitor.Wait(_bell);
                    _rings = false;
                }

                int slot = _slot;
                var work = Interlocked.Exchange(ref _work, null);
                work?.TakeItems(slot);
                // First idle, then done: whoever waits for the work finds its helpers for the next one.
                lock (Gate)
                    Idle.Push(this);
                work?.Leave();
            }
        }
    }
}
