namespace Inr.Testing;

/// <summary>Asserts that code leaves no tensor behind.</summary>
public static class LiveTensors
{
    /// <summary>The number of tensors of this thread that nobody disposed of.</summary>
    public static long Count => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>Runs an action twice to warm up, then asserts that further runs leave the count as it was.</summary>
    public static void ShouldStayFlat(Action action, int runs = 5)
    {
        action();
        action();
        long before = Count;
        for (int i = 0; i < runs; i++)
            action();
        (Count - before).Should().Be(0, "every tensor has an owner that disposes of it");
    }
}
