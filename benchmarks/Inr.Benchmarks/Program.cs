using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Running;
using Inr;
using Inr.Benchmarks.Engine;
using Inr.Benchmarks.Fitting;
using Inr.Benchmarks.Memory;
using Inr.Benchmarks.Results;

TorchRuntime.EnsureLoaded();
// 'memory' measures the peak of loading a large picture and starting to fit it.
if (args is ["memory", ..])
{
    MemoryReport.Run(args[1..]);
    return;
}

// 'engine' measures the fused kernels beside libtorch, a loop by hand and PyTorch.
if (args is ["engine", ..])
{
    EngineReport.Run(args[1..]);
    return;
}

// 'closed-form' measures the first and the later closed-form fits of a process, and renders of what they give.
if (args is ["closed-form", ..])
{
    ClosedFormReport.Run(args[1..]);
    return;
}

var config = ManualConfig.Create(DefaultConfig.Instance)
    // The generated project builds the libraries anew, which takes more than the usual two minutes on a busy machine.
    .WithBuildTimeout(TimeSpan.FromMinutes(15))
    // One process at a time builds and runs; the search of piecewise-fourier has no version by hand.
    .AddFilter(new SimpleFilter(c => c.Descriptor.WorkloadMethod.Name != "Plain" || c.Parameters["Family"] as string != "piecewise-fourier"));

// 'results' runs everything and writes the pages; anything else is BenchmarkDotNet's own command line.
bool writesPages = args is ["results", ..];
string[] filter = args.Contains("--filter") ? [] : ["--filter", "*"];
string[] own = writesPages ? [.. filter, "--join", .. args[1..]] : args;
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(own, config).ToList();
if (writesPages && summaries.Count > 0)
{
    string folder = Path.Combine("benchmarks", "results");
    if (!Directory.Exists(folder))
        throw new DirectoryNotFoundException($"'{folder}' is not here; run from the root of the repository.");
    foreach (var page in ResultsPages.All)
        page.Write(summaries, folder);
    Console.WriteLine($"The pages are in {folder}.");
}
