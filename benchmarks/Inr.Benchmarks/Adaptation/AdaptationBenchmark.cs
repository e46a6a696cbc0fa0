using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Studies;

namespace Inr.Benchmarks.Adaptation;

/// <summary>θ of one 64×64 RGB picture from a meta-learner, against the same written by hand.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 3, iterationCount: 15)]
public class AdaptationBenchmark : IDisposable
{
    private const int TestTimeSteps = 10;

    private SignalBatch _batch = null!;
    private Tensor _picture = null!;
    private IMetaLearner _learner = null!;
    private Func<object> _plain = null!;

    /// <summary>The learner.</summary>
    [Params("maml", "reptile", "modulation", "transformer", "transformer + 10 steps")]
    public string Family { get; set; } = "maml";

    /// <summary>Builds the learner both ways.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var image = BenchImage.Create(BenchLearner.Side);
        _batch = SignalBatch.Of(image);
        _picture = image.Values.reshape(1, BenchLearner.Side, BenchLearner.Side, 3).permute(0, 3, 1, 2).clone();
        if (!Family.StartsWith("transformer", StringComparison.Ordinal))
        {
            _learner = BenchLearner.Create(Family);
            _plain = Gradient();
            return;
        }

        var transformer = BenchLearner.Create("transformer");
        var plain = new PlainTransInr(transformer.Weights.ToDictionary(w => w.Name, w => w.Tensor), BenchLearner.Transformer.Heads, BenchLearner.Transformer.PatchSize, 0);
        bool optimizes = Family != "transformer";
        _learner = optimizes ? new TestTimeLearner(transformer, new TestTimeOptions { Steps = TestTimeSteps }) : transformer;
        _plain = optimizes ? () => Optimize(plain) : () => Encode(plain);
    }

    /// <summary>By hand.</summary>
    [Benchmark(Baseline = true)]
    public object Plain()
    {
        using var scope = NewDisposeScope();
        return _plain();
    }

    /// <summary>The library.</summary>
    [Benchmark]
    public long Inr()
    {
        using var theta = _learner.Adapt(_batch);
        return theta.BatchSize!.Value;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _learner?.Dispose();
        _batch?.Dispose();
        _picture?.Dispose();
        GC.SuppressFinalize(this);
    }

    private Func<object> Gradient()
    {
        var options = BenchLearner.Gradient(Family);
        var plain = new PlainGradient(Family, options.InnerSteps, options.StepSize);
        using var initial = BenchLearner.InitialSiren();
        var weights = plain.Weights(initial);
        var values = _batch.Values[0].DetachFromDisposeScope();
        return () => plain.Adapt(weights, _batch.Coordinates, values, exact: false)[0].detach();
    }

    private Tensor[] Encode(PlainTransInr plain)
    {
        using var _ = no_grad();
        return plain.Encode(_picture);
    }

    private TorchSharp.Modules.Parameter Optimize(PlainTransInr plain)
    {
        var weights = Encode(plain).Select(t => new TorchSharp.Modules.Parameter(t.detach())).ToArray();
        using var adam = optim.Adam(weights, 1e-3);
        for (int i = 0; i < TestTimeSteps; i++)
        {
            adam.zero_grad();
            var output = PlainTransInr.Decode(weights, _batch.Coordinates, BenchLearner.Generated.EncodingSize, BenchLearner.Generated.MaxFrequency);
            nn.functional.mse_loss(output, _batch.Values).backward();
            adam.step();
        }

        return weights[0];
    }
}
