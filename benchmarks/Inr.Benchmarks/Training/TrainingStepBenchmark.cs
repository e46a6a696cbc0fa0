using BenchmarkDotNet.Engines;
using Inr.Benchmarks.Families;
using Inr.Meta;
using Inr.Studies;

namespace Inr.Benchmarks.Training;

/// <summary>One outer step of training on four 64×64 RGB pictures, against the same written by hand. The time is that of one step.</summary>
/// <remarks>The library's steps include what its trainer does beside the gradient: batches, divergence checks, reports.</remarks>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class TrainingStepBenchmark : IDisposable
{
    private const int Steps = 4;
    private const int Tasks = 4;
    private const double Rate = 1e-4;

    private SignalList _pictures = null!;
    private IMetaLearner _learner = null!;
    private Tensor[] _weights = [];
    private Func<Tensor[]> _gradient = null!;
    private optim.Optimizer _adam = null!;

    /// <summary>The learner.</summary>
    [Params("maml", "fomaml", "reptile", "modulation", "transformer")]
    public string Family { get; set; } = "maml";

    /// <summary>Builds the learner both ways.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _pictures = new SignalList([.. Enumerable.Range(0, Tasks).Select(i => BenchImage.Create(BenchLearner.Side, i))]);
        _learner = BenchLearner.Create(Family);
        using var batch = SignalBatch.Stack([.. Enumerable.Range(0, Tasks).Select(_pictures.Load)]);
        var x = batch.Coordinates.clone();
        var y = batch.Values.clone();
        if (Family == "transformer")
            SetUpTransformer(x, y);
        else
            SetUpGradient(x, [.. Enumerable.Range(0, Tasks).Select(i => y[i].clone())]);
        _adam = optim.Adam(_weights.Cast<TorchSharp.Modules.Parameter>(), Rate);
    }

    /// <summary>By hand: the gradient, then TorchSharp's Adam.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps)]
    public void Plain()
    {
        for (int i = 0; i < Steps; i++)
        {
            using var scope = NewDisposeScope();
            var gradients = _gradient();
            foreach (var (weight, gradient) in _weights.Zip(gradients))
                weight.grad = gradient;
            _adam.step();
        }
    }

    /// <summary>The library's trainer.</summary>
    [Benchmark(OperationsPerInvoke = Steps)]
    public double Inr() => _learner.Train(_pictures, new MetaTrainingOptions { Steps = Steps, BatchSize = Tasks, LearningRate = Rate }).Loss;

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _learner?.Dispose();
        _adam?.Dispose();
        GC.SuppressFinalize(this);
    }

    private void SetUpGradient(Tensor x, Tensor[] tasks)
    {
        var options = BenchLearner.Gradient(Family);
        var plain = new PlainGradient(Family, options.InnerSteps, options.StepSize);
        using var initial = BenchLearner.InitialSiren();
        _weights = plain.Weights(initial);
        _gradient = () => plain.Outer(_weights, x, tasks);
    }

    private void SetUpTransformer(Tensor x, Tensor y)
    {
        var weights = _learner.Weights.ToDictionary(w => w.Name, w => (Tensor)new TorchSharp.Modules.Parameter(w.Tensor.detach().clone()));
        var plain = new PlainTransInr(weights, BenchLearner.Transformer.Heads, BenchLearner.Transformer.PatchSize, 0);
        var images = y.reshape(Tasks, BenchLearner.Side, BenchLearner.Side, 3).permute(0, 3, 1, 2).contiguous();
        _weights = [.. weights.Values];
        _gradient = () =>
        {
            var output = PlainTransInr.Decode(plain.Encode(images), x, BenchLearner.Generated.EncodingSize, BenchLearner.Generated.MaxFrequency);
            return [.. autograd.grad([(output - y).square().mean()], _weights)];
        };
    }
}
