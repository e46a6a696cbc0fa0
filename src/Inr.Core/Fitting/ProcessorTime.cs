#if !NET9_0_OR_GREATER
using System.Diagnostics;
#endif

namespace Inr;

/// <summary>The processor time of this process, divided by a number of threads: a clock that other work on the machine does not move.</summary>
/// <remarks>
/// Fits that are given the same time by the wall clock get less of a busy machine than of a quiet one. On an idle machine whose
/// threads are all at work, this clock agrees with the wall clock. It sees every thread of the process: measure one fit at a
/// time. It does not see a GPU.
/// </remarks>
public sealed class ProcessorTime : TimeProvider
{
    private readonly int _threads;

    /// <summary>Creates the clock.</summary>
    /// <param name="threads">How many threads share the work; at least 1.</param>
    public ProcessorTime(int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = threads;
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Spent.Ticks / _threads;

#if NET9_0_OR_GREATER
    private static TimeSpan Spent => Environment.CpuUsage.TotalTime;
#else
    private static TimeSpan Spent
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }
#endif
}
