using BenchmarkDotNet.Running;
using Inr;

// Child processes inherit this: spinning OpenMP threads slow one another down where cores are shared.
Environment.SetEnvironmentVariable("GOMP_SPINCOUNT", Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? "0");
TorchRuntime.EnsureLoaded();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
