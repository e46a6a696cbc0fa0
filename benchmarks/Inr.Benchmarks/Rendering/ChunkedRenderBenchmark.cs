using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Rendering;

/// <summary>A million points of a picture in a hundred chunks: bound once, against reading θ for every chunk.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class ChunkedRenderBenchmark : IDisposable
{
    private const int Fitted = 128;
    private const int Floats = 12_000;
    private const int Side = 1_000;
    private const int Chunk = 10_000;

    private ImplicitRepresentation _representation = null!;
    private Tensor _points = null!;

    /// <summary>The target function.</summary>
    [Params("block-cosine", "piecewise-fourier")]
    public string Family { get; set; } = "block-cosine";

    /// <summary>Fits the picture.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var image = BenchImage.Create(Fitted);
        using ISignalFitter fitter = Family == "piecewise-fourier"
            ? new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = Floats })
            : new BlockCosineFitter(new BlockCosineOptions { FloatBudget = Floats });
        _representation = fitter.Fit(image).Representation;
        _points = CoordinateGrid.Create([Side, Side]).DetachFromDisposeScope();
    }

    /// <summary>The target function, which parses θ in every call.</summary>
    [Benchmark(Baseline = true)]
    public void Unbound()
    {
        using var _ = no_grad();
        for (long start = 0; start < _points.shape[0]; start += Chunk)
        {
            using var scope = NewDisposeScope();
            _representation.Target.Evaluate(_representation.Parameters, _points.narrow(0, start, Chunk));
        }
    }

    /// <summary>The representation, which binds θ once.</summary>
    [Benchmark]
    public void Bound() => _representation.Evaluate(_points, Chunk).Dispose();

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _representation?.Dispose();
        _points?.Dispose();
        GC.SuppressFinalize(this);
    }
}
