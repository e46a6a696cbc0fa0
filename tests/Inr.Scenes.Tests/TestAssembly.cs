using System.Runtime.CompilerServices;
using TorchSharp;

// libtorch's thread count and default generator belong to the whole process, so tests take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Inr.Tests;

/// <summary>Prepares libtorch before the first test: loaded, and on one thread so that results repeat bit by bit.</summary>
internal static class TestAssembly
{
    [ModuleInitializer]
    internal static void Prepare()
    {
        TorchRuntime.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
