using System.Runtime.ExceptionServices;

namespace Inr;

/// <summary>Runs work with tensors on a thread of its own, for callers that may not be blocked.</summary>
/// <remarks>
/// Dispose scopes, the switch that records gradients and the number of threads of an operation belong to one thread. A
/// loop with an <c>await</c> in it could go on under those of another, so a loop stays whole: it runs from its first to
/// its last step on one thread, and the caller awaits that.
/// </remarks>
public static class TorchThread
{
    /// <summary>Runs work to its end on a new background thread.</summary>
    /// <typeparam name="T">What the work gives. Tensors in it must be outside of the thread's dispose scopes, as those of results are.</typeparam>
    /// <param name="work">The work; what it throws, the task throws. An <see cref="OperationCanceledException"/> makes the task a cancelled one.</param>
    /// <returns>The result. Operations use as many threads as they would on the calling thread.</returns>
    public static async Task<T> Run<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        int threads = TorchRuntime.Threads;
        var outcome = new TaskCompletionSource<(T? Result, ExceptionDispatchInfo? Failure)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                TorchRuntime.Threads = threads;
                outcome.SetResult((work(), null));
            }
            catch (Exception e)
            {
                outcome.SetResult((default, ExceptionDispatchInfo.Capture(e)));
            }
        })
        {
            IsBackground = true,
            Name = nameof(TorchThread),
        };
        thread.Start();
        var (result, failure) = await outcome.Task.ConfigureAwait(false);
        // From here, so that a cancellation ends the task as cancelled and keeps its own exception.
        failure?.Throw();
        return result!;
    }
}
