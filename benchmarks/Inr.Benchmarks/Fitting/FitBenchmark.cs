using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;
using Inr.Optimization;

namespace Inr.Benchmarks.Fitting;

/// <summary>A hundred Adam steps on a 64×64 RGB picture, all samples in every step, against a hand-written TorchSharp loop.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class FitBenchmark : IDisposable
{
    private const int Side = 64;
    private const int Steps = 100;

    private Signal _image = null!;
    private BenchFamily _family = null!;

    /// <summary>The target function.</summary>
    [Params("siren", "fourier-mlp", "relu-mlp", "cell-fourier")]
    public string Family { get; set; } = "siren";

    /// <summary>Draws the picture.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _image = BenchImage.Create(Side);
        _family = BenchFamily.Of(Family);
    }

    /// <summary>The hand-written loop.</summary>
    [Benchmark(Baseline = true)]
    public double Plain()
    {
        using var initial = _family.Target.Initialize();
        using var loop = new PlainLoop(initial.Trainable(), _family.Forward(initial), 1e-4);
        return loop.Run(_image.Coordinates, _image.Values, Steps);
    }

    /// <summary>The library's fitter with its defaults.</summary>
    [Benchmark]
    public double Inr()
    {
        using var fitter = new GradientFitter(_family.Target, new GradientFitterOptions { Steps = Steps, LearningRate = 1e-4, Schedule = LearningRateSchedule.Constant });
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
