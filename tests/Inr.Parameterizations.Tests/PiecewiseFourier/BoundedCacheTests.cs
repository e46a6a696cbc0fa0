using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>The tables that a process shares: made once while in use, and let go when they are not.</summary>
public sealed class BoundedCacheTests
{
    [Fact]
    public void Get_ManyKeys_HoldsAtMostTwoGenerations()
    {
        var cache = new BoundedCache<int, int[]>(10, n => [n], table => table.Length);
        for (int i = 0; i < 1000; i++)
        {
            cache.Get(i).Should().Equal(i);
            cache.Count.Should().BeLessThanOrEqualTo(22);
        }
    }

    [Fact]
    public void Get_KeyThatStaysInUse_IsMadeOnce()
    {
        int made = 0;
        var cache = new BoundedCache<int, int[]>(10, n => [n == -1 ? ++made : n], table => table.Length);
        for (int i = 0; i < 1000; i++)
        {
            cache.Get(i);
            cache.Get(-1).Should().Equal(1);
        }
    }

    [Fact]
    public void Get_HeavyTables_CountByTheirWeight()
    {
        var cache = new BoundedCache<int, int[]>(10, n => new int[100], table => table.Length);
        for (int i = 0; i < 20; i++)
            cache.Get(i);
        cache.Count.Should().BeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Get_ManyThreads_MakeATableOnce()
    {
        int made = 0;
        var cache = new BoundedCache<int, object>(1000, _ =>
        {
            Interlocked.Increment(ref made);
            Thread.Sleep(20);
            return new object();
        }, _ => 1);
        Parallel.For(0, 64, i => cache.Get(i % 4));
        made.Should().Be(4);
    }

    [Fact]
    public void Get_MakingThatIsStopped_LeavesNothingBehind()
    {
        var cache = new BoundedCache<int, int[]>(10, n => [n], _ => 3);
        ((Action)(() => cache.Get(7, _ => throw new OperationCanceledException()))).Should().Throw<OperationCanceledException>();
        cache.Count.Should().Be(0);
        cache.Get(7, _ => [70]).Should().Equal(70);
        cache.Get(7).Should().Equal(70);
        cache.Weight.Should().Be(3, "what is made after a stop is weighed");
    }
}
