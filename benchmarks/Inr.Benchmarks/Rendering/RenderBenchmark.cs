using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;

namespace Inr.Benchmarks.Rendering;

/// <summary>Renders a gradient-fitted representation, against the same forward pass written by hand in one call.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class RenderBenchmark : IDisposable
{
    private ImplicitRepresentation _representation = null!;
    private Func<Tensor, IReadOnlyList<Tensor>, Tensor> _forward = null!;

    /// <summary>The target function.</summary>
    [Params("siren", "fourier-mlp", "relu-mlp", "cell-fourier")]
    public string Family { get; set; } = "siren";

    /// <summary>The side of the picture.</summary>
    [Params(128, 512)]
    public int Side { get; set; }

    /// <summary>Draws parameters; the time does not depend on their values.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var family = BenchFamily.Of(Family);
        var theta = family.Target.Initialize();
        _forward = family.Forward(theta);
        _representation = new ImplicitRepresentation(family.Target, theta, SignalDomain.Grid(128, 128));
    }

    /// <summary>One forward pass over all pixels, by hand.</summary>
    [Benchmark(Baseline = true)]
    public float Plain()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return _forward(CoordinateGrid.Create([Side, Side]), _representation.Parameters.Trainable())[0, 0].item<float>();
    }

    /// <summary>The library.</summary>
    [Benchmark]
    public float Inr()
    {
        using var image = _representation.Render(Side, Side);
        using var first = image.Values[0, 0];
        return first.item<float>();
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _representation?.Dispose();
        GC.SuppressFinalize(this);
    }
}
