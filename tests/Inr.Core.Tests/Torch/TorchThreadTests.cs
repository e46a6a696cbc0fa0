using Inr.Testing;

namespace Inr.Tests.Runtime;

public sealed class TorchThreadTests
{
    [Fact]
    public async Task Run_Work_StaysOnOneThreadOfItsOwn()
    {
        int caller = Environment.CurrentManagedThreadId;
        int threads = TorchRuntime.Threads;

        var (first, last, pool, inside, records) = await TorchThread.Run(() =>
        {
            int before = Environment.CurrentManagedThreadId;
            // What belongs to a thread: the scope sees its own tensors only.
            using var scope = torch.NewDisposeScope();
            torch.zeros(2);
            bool own = scope.DisposablesCount == 1;
            return (before, Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread, own, torch.is_grad_enabled());
        });

        first.Should().Be(last).And.NotBe(caller);
        (pool, inside, records).Should().Be((false, true, true));
        (await TorchThread.Run(() => TorchRuntime.Threads)).Should().Be(threads, "operations use as many threads as on the caller's");
    }

    [Fact]
    public async Task Run_CallerWithoutGradients_WorkRecordsThem()
    {
        using (torch.no_grad())
            (await TorchThread.Run(torch.is_grad_enabled)).Should().BeTrue("the switch belongs to the thread");
    }

    [Fact]
    public async Task Run_Failure_IsThrownAsItIs()
    {
        var failed = TorchThread.Run<int>(() => throw new InrException("broken"));
        var cancelled = TorchThread.Run<int>(() => throw new OperationCanceledException("enough"));

        (await ((Func<Task>)(() => failed)).Should().ThrowAsync<InrException>()).WithMessage("broken");
        failed.Status.Should().Be(TaskStatus.Faulted);
        (await ((Func<Task>)(() => cancelled)).Should().ThrowAsync<OperationCanceledException>()).WithMessage("enough");
        cancelled.Status.Should().Be(TaskStatus.Canceled);
    }
}
