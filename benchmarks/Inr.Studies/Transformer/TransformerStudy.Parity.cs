using System.Text.Json;
using Inr.Files;
using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies;

internal static partial class TransformerStudy
{
    // 3,000 steps from the official initial weights on the official batches, against the official losses.
    private static void Parity(StudyArguments options)
    {
        string folder = Path.Combine(options.Text("shared"), "fixtures", "trans_inr_train_small");
        using var scope = NewDisposeScope();
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "curves.json")));
        double[] expected = [.. json.RootElement.GetProperty("runs").GetProperty("seed0").GetProperty("losses").EnumerateArray().Select(e => e.GetDouble())];
        var faces = Npz.Load(Path.Combine(folder, "faces32.npz"));
        var index = Npz.Load(Path.Combine(folder, "batches.npz"))["index"].to(int64);
        var target = new ReluMlp(2, 3, new ReluMlpOptions { Depth = 4, Width = 64, EncodingSize = 32, MaxFrequency = 32, OutputOffset = 0.5 });
        using var learner = new TransformerMetaLearner(target, 32, new TransformerOptions { Dimension = 64, Depth = 2, Heads = 4, HeadDimension = 16, FeedForward = 128, WeightGroups = 16 });
        TransInrImport.Apply(learner, Npz.Load(Path.Combine(folder, "init_seed0.npz")));

        int steps = Math.Min(options.IntOrNone("steps") ?? expected.Length, expected.Length);
        var objective = learner.Objective;
        var rule = new AdamRule();
        var tensors = objective.Weights.Where(w => w.IsTrained).Select(w => w.Tensor).ToArray();
        var state = rule.Initialize(tensors).DetachFromDisposeScope();
        var relative = new double[steps];
        using var generator = new Generator(0);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            using var batch = new MetaBatch(Batch(faces["train"].index_select(0, index[step])));
            var gradient = objective.Differentiate(batch, generator);
            using var _ = no_grad();
            var (directions, next) = rule.Direct(tensors, gradient.Gradients, state);
            for (int i = 0; i < tensors.Length; i++)
                tensors[i].add_(directions[i], alpha: -1e-3);
            state.Dispose();
            state = next.DetachFromDisposeScope();
            relative[step] = Math.Abs(gradient.TaskErrors.mean().item<float>() / expected[step] - 1);
        }

        double seconds = clock.Elapsed.TotalSeconds;
        using var test = Batch(faces["test"]);
        using var exact = TestErrors(learner, test);
        learner.UseLinearType(ScalarType.BFloat16);
        using var fast = TestErrors(learner, test);
        var table = new StudyTable("steps", "largest relative difference of the loss");
        foreach (int end in ((int[])[10, 100, 300, 1000, steps]).Where(n => n <= steps).Distinct())
            table.Add($"first {end}", $"{relative.Take(end).Max():e1}");
        Print($"\nAfter {steps} steps in {seconds:0} s ({1e3 * seconds / steps:0.0} ms a step, {get_num_threads()} threads): test MSE {exact.mean().item<float>():0.00000}; the official runs of three seeds gave 0.01118, 0.01064 and 0.01139.");
        Print($"Test PSNR {(exact.log10() * -10).mean().item<float>():0.000} dB in float32, {(fast.log10() * -10).mean().item<float>():0.000} dB with bfloat16 linear layers.");
    }

    // uint8 [B,S,S,3] → signals.
    private static SignalBatch Batch(Tensor images)
    {
        int size = (int)images.shape[1];
        return new SignalBatch(CoordinateGrid.Create([size, size]), images.to(float32).div(255).reshape(images.shape[0], size * size, 3), null, SignalDomain.Grid([size, size]));
    }

    private static Tensor TestErrors(TransformerMetaLearner learner, SignalBatch test)
    {
        using var _ = no_grad();
        using var theta = learner.Adapt(test);
        return (learner.Target.Evaluate(theta, test.Coordinates) - test.Values).square().mean([1L, 2L]);
    }
}
