using System.Text.Json;
using Inr.Files;
using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Transformer;

/// <summary>The loss curve of the official code, from the same initial weights on the same batches.</summary>
public sealed class TrainingParityTests
{
    [SharedDataFact("fixtures/trans_inr_train_small/faces32.npz")]
    public void Train_FromOfficialWeightsOnOfficialBatches_FollowsOfficialLosses()
    {
        using var scope = NewDisposeScope();
        string folder = Path.Combine(SharedData.Root!, "fixtures", "trans_inr_train_small");
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "curves.json")));
        double[] expected = [.. json.RootElement.GetProperty("runs").GetProperty("seed0").GetProperty("losses").EnumerateArray().Select(e => e.GetDouble())];
        var images = Npz.Load(Path.Combine(folder, "faces32.npz"))["train"];
        var index = Npz.Load(Path.Combine(folder, "batches.npz"))["index"].to(int64);

        var target = new ReluMlp(2, 3, new ReluMlpOptions { Depth = 4, Width = 64, EncodingSize = 32, MaxFrequency = 32, OutputOffset = 0.5 });
        var options = new TransformerOptions { Dimension = 64, Depth = 2, Heads = 4, HeadDimension = 16, FeedForward = 128, PatchSize = 8, WeightGroups = 16 };
        using var learner = new TransformerMetaLearner(target, 32, options);
        TransInrImport.Apply(learner, Npz.Load(Path.Combine(folder, "init_seed0.npz")));

        using var update = new OuterUpdate(learner.Weights, new MetaTrainingOptions { Steps = 100, LearningRate = 1e-3 });
        using var generator = new Generator(0);
        for (int step = 0; step < 100; step++)
        {
            using var inner = NewDisposeScope();
            var values = images.index_select(0, index[step]).to(float32).div(255).reshape(8, 1024, 3);
            using var batch = new MetaBatch(new SignalBatch(CoordinateGrid.Create([32, 32]), values, null, SignalDomain.Grid([32, 32])));
            var gradient = learner.Objective.Differentiate(batch, generator);
            double loss = gradient.TaskErrors.mean().item<float>();
            loss.Should().BeApproximately(expected[step], (step < 10 ? 1e-4 : 0.02) * expected[step], $"step {step}");
            update.Apply(gradient.Gradients, step).Should().BeTrue();
        }
    }
}
