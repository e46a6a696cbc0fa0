using BenchmarkDotNet.Engines;
using Inr.Optimization;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Fitting;

/// <summary>100 Adam steps on a 178×178 RGB image, all samples in every step, against a hand-written TorchSharp loop.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 0, iterationCount: 3)]
public class FitBenchmark : IDisposable
{
    private const int Side = 178;
    private const int Steps = 100;

    private Signal _image = null!;
    private ITargetFunction _target = null!;
    private Func<Tensor, IReadOnlyList<Tensor>, Tensor> _forward = null!;

    /// <summary>The target function: SIREN 256×3, or the ReLU perceptron of Trans-INR.</summary>
    [Params("siren", "relu-mlp")]
    public string Target { get; set; } = "siren";

    /// <summary>A smooth image with an edge; the arithmetic does not depend on the values.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var scope = NewDisposeScope();
        var grid = CoordinateGrid.Create([Side, Side]);
        var values = stack(Enumerable.Range(1, 3).Select(c => 0.5 + 0.3 * (c * 2.5 * grid.select(1, 0) + 4 * grid.select(1, 1)).sin()).ToArray(), 1);
        _image = Signal.FromGrid(values, [Side, Side]);
        (_target, _forward) = Target == "siren"
            ? (new Siren(2, 3, new SirenOptions { OutputOffset = 0.5 }), BareLoop.Siren)
            : ((ITargetFunction)new ReluMlp(2, 3, new ReluMlpOptions { OutputOffset = 0.5 }), (Func<Tensor, IReadOnlyList<Tensor>, Tensor>)BareLoop.ReluMlp);
    }

    /// <summary>The hand-written loop.</summary>
    [Benchmark(Baseline = true)]
    public double BareTorchSharp()
    {
        using var initial = _target.Initialize();
        using var loop = new BareLoop(initial.Tensors, _forward, 1e-4);
        return loop.Run(_image.Coordinates, _image.Values, Steps);
    }

    /// <summary>The library's fitter with its defaults.</summary>
    [Benchmark]
    public double GradientFitter()
    {
        using var fitter = new GradientFitter(_target, new GradientFitterOptions { Steps = Steps, LearningRate = 1e-4, Schedule = LearningRateSchedule.Constant });
        using var result = fitter.Fit(_image);
        return result.Loss;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _image?.Dispose();
        GC.SuppressFinalize(this);
    }
}
