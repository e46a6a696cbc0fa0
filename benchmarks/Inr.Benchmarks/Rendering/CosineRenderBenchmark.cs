using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Rendering;

/// <summary>Renders the closed forms (fitted to 128×128 pixels with 12,000 floats), against cosines on blocks by hand.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class CosineRenderBenchmark : IDisposable
{
    private const int Fitted = 128;
    private const int Floats = 12_000;

    private ImplicitRepresentation _representation = null!;
    private Tensor _coefficients = null!;

    /// <summary>The target function.</summary>
    [Params("block-cosine", "global-cosine", "piecewise-fourier")]
    public string Family { get; set; } = "block-cosine";

    /// <summary>The side of the picture.</summary>
    [Params(128, 512)]
    public int Side { get; set; }

    /// <summary>Fits the picture both ways.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var scope = NewDisposeScope();
        using var image = BenchImage.Create(Fitted);
        using ISignalFitter fitter = Family == "piecewise-fourier"
            ? new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = Floats })
            : new BlockCosineFitter(new BlockCosineOptions { FloatBudget = Floats, Global = Family == "global-cosine" });
        _representation = fitter.Fit(image).Representation;
        int side = Family == "block-cosine" ? 8 : Fitted;
        int kept = Floats / 3 * side / Fitted * side / Fitted;
        _coefficients = PlainCosines.Fit(image.Values.reshape(Fitted, Fitted, 3), side, kept).DetachFromDisposeScope();
    }

    /// <summary>Two matrix products a block, by hand.</summary>
    [Benchmark(Baseline = true)]
    public float Plain()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return PlainCosines.Render(_coefficients, Side)[0, 0, 0].item<float>();
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
        _coefficients?.Dispose();
        GC.SuppressFinalize(this);
    }
}
