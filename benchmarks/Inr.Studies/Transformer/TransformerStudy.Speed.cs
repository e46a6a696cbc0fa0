using Inr.Meta;
using Inr.Parameterizations;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Studies;

internal static partial class TransformerStudy
{
    // Full configuration, one 178×178 image: ours in float32 and bfloat16 against a plain transcription, in one run.
    private static void Speed(StudyArguments options)
    {
        int runs = options.Int("runs");
        int size = 178;
        var target = new ReluMlp(2, 3, new ReluMlpOptions { OutputOffset = 0.5 });
        using var learner = new TransformerMetaLearner(target, size, new TransformerOptions().WithOfficialSize());
        using var fast = new TransformerMetaLearner(target, size, new TransformerOptions().WithOfficialSize());
        fast.UseLinearType(ScalarType.BFloat16);
        var plain = new PlainTransInr(learner.Weights.ToDictionary(w => w.Name, w => w.Tensor), 12, 9, 1);
        using var generator = new Generator(1);
        using var values = rand([1, size, size, 3], generator: generator);
        using var images = values.permute(0, 3, 1, 2).contiguous();
        using var grid = CoordinateGrid.Create([size, size]);
        using var batch = new SignalBatch(grid.clone(), values.reshape(1, size * size, 3).clone(), null, SignalDomain.Grid([size, size]));

        using var theta = learner.Adapt(batch);
        using var outer = NewDisposeScope();
        var matrices = StackedLayout.ToStacked(theta);
        double difference = Difference(plain, images, theta);
        // Taken in turns, the best of each: what else the machine does meets all of them alike.
        double[] best = Race(
            runs,
            () => Scoped(() => plain.Encode(images)),
            () => learner.Adapt(batch).Dispose(),
            () => fast.Adapt(batch).Dispose(),
            () => Scoped(() => PlainTransInr.Decode(matrices, grid, 128, 1024)),
            () => Scoped(() => target.Evaluate(theta, grid)));
        var table = new StudyTable($"full configuration, one {size}×{size} image, {get_num_threads()} threads", "plain transcription", "Inr", "Inr, bfloat16");
        table.Add("hypernetwork, ms", $"{1e3 * best[0]:0}", $"{1e3 * best[1]:0} ({best[0] / best[1]:0.00}×)", $"{1e3 * best[2]:0} ({best[0] / best[2]:0.00}×)");
        table.Add("rendering, ms", $"{1e3 * best[3]:0}", $"{1e3 * best[4]:0} ({best[3] / best[4]:0.00}×)", "");
        double[] steps = Race(Math.Max(1, runs / 3), () => PlainStep(plain, learner, images, grid, batch.Values), () => OurStep(learner, batch));
        table.Add("loss and gradient, ms", $"{1e3 * steps[0]:0}", $"{1e3 * steps[1]:0} ({steps[0] / steps[1]:0.00}×)", "");
        Print($"\nLargest difference of a generated weight between plain and Inr: {difference:e1}. Taken in turns, the best of {runs} runs ({Math.Max(1, runs / 3)} of the gradient).");
    }

    private static void Scoped(Func<object> action)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        action();
    }

    private static double Difference(PlainTransInr plain, Tensor images, ParameterSet theta)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return plain.Encode(images).Zip(StackedLayout.ToStacked(theta)).Max(p => (p.First - p.Second).abs().max().item<float>());
    }

    private static void PlainStep(PlainTransInr plain, TransformerMetaLearner learner, Tensor images, Tensor grid, Tensor values)
    {
        using var scope = NewDisposeScope();
        var loss = (PlainTransInr.Decode(plain.Encode(images), grid, 128, 1024) - values).square().mean();
        autograd.grad([loss], [.. learner.Weights.Select(w => w.Tensor)]);
    }

    private static void OurStep(TransformerMetaLearner learner, SignalBatch batch)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0);
        using var meta = new MetaBatch(new SignalBatch(batch.Coordinates.clone(), batch.Values.clone(), null, batch.Domain));
        learner.Objective.Differentiate(meta, generator);
    }
}
