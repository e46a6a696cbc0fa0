using TorchSharp;

namespace Inr.Tests.Runtime;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void EnsureLoaded_AfterStart_LetsTensorsWork()
    {
        TorchRuntime.EnsureLoaded();
        TorchRuntime.IsAvailable.Should().BeTrue();
        using torch.Tensor sum = torch.arange(5, dtype: torch.float32).sum();
        sum.item<float>().Should().Be(10);
    }
}
