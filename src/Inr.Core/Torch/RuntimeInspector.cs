using System.Runtime;
using System.Runtime.InteropServices;

namespace Inr;

/// <summary>Gathers the facts of a <see cref="RuntimeReport"/>.</summary>
internal static class RuntimeInspector
{
    public static RuntimeReport Inspect()
    {
        var problems = new List<string>();
        bool available = TryLoad(problems);
        problems.AddRange(TorchRuntime.LoaderProblems);

        string? shim = available ? TorchRuntime.Loaded?.LibraryPath ?? LoadedLibraries.Find(NativeLoader.Shim) : null;
        int gpus = available && torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        string backend = Backend(available, gpus);
        int threads = available ? torch.get_num_threads() : 0;
        if (available && backend != "cpu" && gpus == 0)
            problems.Add("libtorch has CUDA, but sees no GPU that it can use; check the NVIDIA driver (nvidia-smi).");
        if (threads > Environment.ProcessorCount)
            problems.Add($"{threads} threads share {Environment.ProcessorCount} processors; lower the number of threads.");

        return new RuntimeReport
        {
            Available = available,
            Backend = backend,
            TorchSharpVersion = NativeFolders.VersionOf(TorchRuntime.TorchSharpAssembly),
            LibTorchVersion = NativeFolders.LibTorchVersion.ToString(),
            LibTorchPath = available ? LoadedLibraries.Find("torch_cpu") : null,
            LibraryPath = shim,
            PatchedFrom = TorchRuntime.Loaded?.PatchedFrom,
            ChosenLibTorch = TorchRuntime.ChosenFolder,
            Devices = available ? ["cpu", .. Enumerable.Range(0, gpus).Select(i => $"cuda:{i}")] : [],
            Threads = threads,
            Processors = Environment.ProcessorCount,
            Simd = ProcessorFeatures.Vectors(),
            OperatingSystem = SystemLibraries.Describe(),
            RuntimeIdentifier = NativeFolders.Rid,
            Framework = RuntimeInformation.FrameworkDescription,
            GarbageCollector = GCSettings.IsServerGC ? "server" : "workstation",
            Advice = Advice(threads),
            Problems = problems,
        };
    }

    private static bool TryLoad(List<string> problems)
    {
        try
        {
            TorchRuntime.EnsureLoaded();
            return true;
        }
        catch (TorchRuntimeException e)
        {
            problems.Add(e.Message);
            return false;
        }
    }

    private static string Backend(bool available, int gpus) =>
        !available ? "none" : gpus > 0 ? "cuda" : LoadedLibraries.Find("torch_cuda") is null ? "cpu" : "cuda without a GPU";

    private static List<string> Advice(int threads)
    {
        var advice = new List<string>();
        if (System.OperatingSystem.IsLinux() && threads > 1 && !OpenMpWait.IsAsleep)
        {
            advice.Add("Set GOMP_SPINCOUNT=0 before the process starts when it shares its processors: idle threads of libtorch " +
                "otherwise spin, which can make two threads slower than one.");
        }

        return advice;
    }
}
