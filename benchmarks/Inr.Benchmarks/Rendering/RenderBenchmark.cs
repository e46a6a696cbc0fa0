using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Fitting;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Rendering;

/// <summary>Renders a representation at 178² and 1024², against the same forward pass written by hand in one call.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 7)]
public class RenderBenchmark : IDisposable
{
    private ImplicitRepresentation _representation = null!;
    private Func<Tensor, IReadOnlyList<Tensor>, Tensor> _forward = null!;

    /// <summary>The target function.</summary>
    [Params("siren", "relu-mlp")]
    public string Target { get; set; } = "siren";

    /// <summary>The side of the image.</summary>
    [Params(178, 1024)]
    public int Side { get; set; }

    /// <summary>Draws parameters; the time does not depend on their values.</summary>
    [GlobalSetup]
    public void Setup()
    {
        ITargetFunction target = Target == "siren"
            ? new Siren(2, 3, new SirenOptions { OutputOffset = 0.5 })
            : new ReluMlp(2, 3, new ReluMlpOptions { OutputOffset = 0.5 });
        _forward = Target == "siren" ? BareLoop.Siren : BareLoop.ReluMlp;
        _representation = new ImplicitRepresentation(target, target.Initialize(), SignalDomain.Grid(178, 178));
    }

    /// <summary>One forward pass over all pixels, by hand.</summary>
    [Benchmark(Baseline = true)]
    public float BareTorchSharp()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return _forward(CoordinateGrid.Create([Side, Side]), _representation.Parameters.Tensors)[0, 0].item<float>();
    }

    /// <summary>The library.</summary>
    [Benchmark]
    public float Render()
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
