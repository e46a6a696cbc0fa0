using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using Inr;

TorchRuntime.EnsureLoaded();
// The generated project builds the libraries anew, which takes more than the usual two minutes on a busy machine.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(15)));
