namespace Inr;

/// <summary>Runs long work on a thread of its own.</summary>
/// <remarks>
/// Dispose scopes, the gradient mode and the number of OpenMP threads belong to a thread, so that work on tensors must stay
/// on one from its first line to its last: an <c>await</c> in its midst may go on elsewhere. The new thread computes with as
/// many OpenMP threads as the one that called.
/// </remarks>
public static class TorchThread
{
    /// <summary>Runs work on a new thread.</summary>
    /// <param name="work">The work; what it returns must not belong to a dispose scope of the new thread.</param>
    /// <param name="name">The name of the thread, as debuggers show it.</param>
    /// <returns>A task that ends with the result, or with the exception of the work.</returns>
    public static Task<T> Run<T>(Func<T> work, string name = "Inr")
    {
        ArgumentNullException.ThrowIfNull(work);
        TorchRuntime.EnsureLoaded();
        int threads = get_num_threads();
        // Continuations run elsewhere, or the caller's code would go on on this thread.
        var end = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                set_num_threads(threads);
                end.SetResult(work());
            }
            catch (Exception e)
            {
                end.SetException(e);
            }
        })
        { IsBackground = true, Name = name }.Start();
        return end.Task;
    }
}
