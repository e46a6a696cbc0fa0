using Inr.Meta;
using Inr.Parameterizations;
using TorchSharp;
using static TorchSharp.torch;

namespace Inr.Cli.Studies;

public static partial class TransformerStudy
{
    // Full configuration, one 178×178 image: ours in float32 and bfloat16 against a plain transcription, in one run.
    private static void Speed(StudyArguments options)
    {
        int runs = options.Int("runs", 15);
        int size = 178;
        var target = new ReluMlp(2, 3, new ReluMlpOptions { OutputOffset = 0.5 });
        using var learner = new TransformerMetaLearner(target, size, new TransformerOptions().UseOfficialSize());
        var plain = new PlainTransInr(learner.Weights.ToDictionary(w => w.Name, w => w.Tensor), 12, 9, 1);
        using var generator = new Generator(1);
        using var values = rand([1, size, size, 3], generator: generator);
        using var images = values.permute(0, 3, 1, 2).contiguous();
        using var grid = CoordinateGrid.Create([size, size]);
        using var batch = new SignalBatch(grid.clone(), values.reshape(1, size * size, 3).clone(), null, SignalDomain.Grid([size, size]));

        double plainEncode = Time(runs, () => Scoped(() => plain.Encode(images)));
        double ourEncode = Time(runs, () => learner.Adapt(batch).Dispose());
        using var theta = learner.Adapt(batch);
        double plainDecode = Time(runs, () => Scoped(() => PlainTransInr.Decode(plain.Encode(images), grid, 128, 1024))) - plainEncode;
        double ourDecode = Time(runs, () => Scoped(() => target.Evaluate(theta, grid)));
        double difference = Difference(plain, images, theta);
        learner.UseLinearType(ScalarType.BFloat16);
        double fastEncode = Time(runs, () => learner.Adapt(batch).Dispose());
        learner.UseLinearType(ScalarType.Float32);
        double plainStep = Time(3, () => PlainStep(plain, learner, images, grid, batch.Values));
        double ourStep = Time(3, () => OurStep(learner, batch));

        Print($"| full configuration, one {size}×{size} image, {get_num_threads()} threads | plain transcription | Inr | Inr, bfloat16 |");
        Print($"|---|---|---|---|");
        Print($"| hypernetwork, ms | {1e3 * plainEncode:0} | {1e3 * ourEncode:0} ({plainEncode / ourEncode:0.00}×) | {1e3 * fastEncode:0} ({plainEncode / fastEncode:0.00}×) |");
        Print($"| rendering, ms | {1e3 * plainDecode:0} | {1e3 * ourDecode:0} ({plainDecode / ourDecode:0.00}×) | |");
        Print($"| loss and gradient, ms | {1e3 * plainStep:0} | {1e3 * ourStep:0} ({plainStep / ourStep:0.00}×) | |");
        Print($"\nLargest difference of a generated weight between plain and Inr: {difference:e1}. Medians of {runs} runs (3 of the gradient).");
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
