using System.Runtime;

namespace Inr.Testing;

/// <summary>Runs code on threads of its own and brings what they throw back to the test: an exception that leaves a thread ends the process, and every other test with it.</summary>
public static class OwnThreads
{
    // Far more than the managed half of some small fits.
    private const long ManagedBytes = 200L << 20;

    /// <summary>Runs an action on each of some new threads at once and waits for all.</summary>
    /// <remarks>
    /// No garbage is collected meanwhile, where the memory allows it. TorchSharp holds a number that it hands to native code
    /// by an object that the collector may finalise, and so free, while the call still reads it: a call that the system has
    /// put to sleep at that moment reads freed memory. More threads than cores make that likely, and it is no fault of what is tested.
    /// </remarks>
    /// <param name="count">The number of threads.</param>
    /// <param name="action">Told the index of its thread.</param>
    /// <exception cref="AggregateException">One or more threads threw; each exception keeps its stack.</exception>
    public static void Run(int count, Action<int> action)
    {
        var thrown = new Exception?[count];
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                action(i);
            }
            catch (Exception e)
            {
                thrown[i] = e;
            }
        })).ToArray();
        GC.TryStartNoGCRegion(ManagedBytes);
        try
        {
            foreach (var t in threads)
                t.Start();
            foreach (var t in threads)
                t.Join();
        }
        finally
        {
            // The mode ends by itself where the memory did not suffice.
            if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
                GC.EndNoGCRegion();
        }

        Exception[] failures = [.. thrown.OfType<Exception>()];
        if (failures.Length > 0)
            throw new AggregateException($"{failures.Length} of {count} threads failed.", failures);
    }
}
