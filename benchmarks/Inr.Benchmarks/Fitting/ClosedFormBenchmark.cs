using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Fitting;

/// <summary>The closed forms on a 256×256 RGB picture with 30,000 floats, against cosines on blocks by hand.</summary>
/// <remarks>The piecewise Fourier expansion is a search over partitions; nobody writes that by hand, so its row has no baseline.</remarks>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class ClosedFormBenchmark : IDisposable
{
    private const int Side = 256;
    private const int Floats = 30_000;
    private const int BlockSide = 8;

    private Signal _image = null!;
    private Tensor _pixels = null!;

    /// <summary>The target function.</summary>
    [Params("block-cosine", "global-cosine", "piecewise-fourier")]
    public string Family { get; set; } = "block-cosine";

    /// <summary>Draws the picture.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _image = BenchImage.Create(Side);
        _pixels = _image.Values.reshape(Side, Side, 3).clone();
    }

    /// <summary>As many coefficients in every block, by hand.</summary>
    [Benchmark(Baseline = true)]
    public float Plain()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int side = Family == "block-cosine" ? BlockSide : Side;
        int kept = Floats / 3 * side / Side * side / Side;
        return PlainCosines.Fit(_pixels, side, kept)[0, 0, 0, 0].item<float>();
    }

    /// <summary>The library's closed form.</summary>
    [Benchmark]
    public double Inr()
    {
        using ISignalFitter fitter = Family == "piecewise-fourier"
            ? new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = Floats })
            : new BlockCosineFitter(new BlockCosineOptions { FloatBudget = Floats, Global = Family == "global-cosine" });
        using var result = fitter.Fit(_image);
        return result.Loss;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _image?.Dispose();
        _pixels?.Dispose();
        GC.SuppressFinalize(this);
    }
}
