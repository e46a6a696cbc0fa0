namespace Inr.Meta;

/// <summary>Keeps the native heap from growing over many adaptation steps.</summary>
/// <remarks>
/// TorchSharp frees the native scalars of its calls when their wrappers are finalised. Left to pile up between the freed
/// activations, those few bytes keep the heap from reusing them: a thousand small steps then hold twice the memory of ten.
/// A collection of the youngest generation now and then costs about a millisecond and ends that.
/// </remarks>
internal static class NativeHeap
{
    private const int StepsPerCollection = 16;

    private static int _steps;

    /// <summary>Counts an adaptation step, of any thread.</summary>
    public static void CountStep()
    {
        if (Interlocked.Increment(ref _steps) % StepsPerCollection == 0)
            GC.Collect(0, GCCollectionMode.Forced);
    }
}
