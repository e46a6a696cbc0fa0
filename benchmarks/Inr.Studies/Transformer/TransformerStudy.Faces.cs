using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using static TorchSharp.torch;

namespace Inr.Studies;

internal static partial class TransformerStudy
{
    // Trains for a time and judges on held-out pictures; the variants are those of Create.
    private static void Faces(StudyArguments options)
    {
        int size = options.Int("size");
        var (training, heldOut) = Data(options, size);
        TrainAndJudge(options, training, heldOut, size);
    }

    private static void TrainAndJudge(StudyArguments options, ISignalDataset training, ISignalDataset heldOut, int size)
    {
        using IMetaLearner learner = Create(options, options.Text("variant"), size);
        int steps = options.Int("steps");
        string? checkpoint = options.Text("checkpoint") is { Length: > 0 } path ? path : null;
        var how = new MetaTrainingOptions
        {
            Steps = steps,
            BatchSize = options.Int("batch"),
            LearningRate = options.Number("rate"),
            Schedule = Schedule(options),
            ClipNorm = options.Number("clip") is > 0 and var clip ? clip : null,
            QueryFraction = options.Number("query"),
            TimeLimit = TimeSpan.FromMinutes(options.Number("minutes")),
            HeldOut = heldOut,
            HeldOutLimit = options.Int("limit"),
            EvaluateEvery = options.Int("evaluate"),
            ReportEvery = options.Int("report"),
            CheckpointPath = checkpoint,
            CheckpointEvery = options.Int("save"),
            ResumeFrom = checkpoint is not null && File.Exists(checkpoint) ? checkpoint : null,
        };
        Print($"{learner.Target!.Layout.FloatCount} floats, {learner.Weights.Sum(w => w.Tensor.numel())} weights, {training.Count} pictures of {size}×{size}, batches of {how.BatchSize}.\n");
        var table = new StudyTable("minutes", "steps", "training, dB", "held out, dB");
        var result = learner.Train(training, how, new Rows(table));
        Print($"\n{result.Message}");
        if (options.Text("out") is { Length: > 0 } file)
            learner.Save(file);
        JudgeOn(learner, heldOut, how.HeldOutLimit, options);
    }

    // Judges a saved learner: one forward pass, and test-time steps after it.
    private static void Judge(StudyArguments options)
    {
        using var learner = MetaLearner.Load(options.Text("learner"));
        JudgeOn(learner, Data(options, options.Int("size")).HeldOut, options.Int("limit"), options);
    }

    private static IMetaLearner Create(StudyArguments options, string variant, int size)
    {
        var (mlp, shape) = SmallFaces(options);
        // With 16×16 cut cells and 32 terms, about as many floats as the perceptron (printed with the result).
        ITargetFunction target = options.Text("target") == "cell-fourier"
            ? new CellFourierTarget(2, 3, new CellFourierOptions { Cells = options.Int("cells"), Terms = options.Int("terms") })
            : mlp;
        switch (variant)
        {
            case "official":
                break;
            case "biases":
                // Official but for the biases, which are generated per signal.
                shape = shape with { InstanceBiases = true };
                break;
            case "solved":
                // The last layer is solved in closed form inside the forward pass.
                shape = shape with { SolveLinearPart = true };
                break;
            case "scale":
                shape = shape with { UpdateRule = WeightUpdateRule.Scale, InstanceBiases = true };
                break;
            case "scale-solved":
                shape = shape with { UpdateRule = WeightUpdateRule.Scale, InstanceBiases = true, SolveLinearPart = true };
                break;
            case "add-solved":
                shape = shape with { UpdateRule = WeightUpdateRule.Add, InstanceBiases = true, SolveLinearPart = true };
                break;
            case "init" or "init-rates":
                // The learned initialization, what the transformer has to beat; and with a learned step size for every number.
                var method = variant == "init" ? GradientMethods.Maml() : GradientMethods.MetaSgd();
                method = method with
                {
                    InnerSteps = options.Int("inner"),
                    StepSizeRateScale = options.NumberOrNone("size-rate-scale") ?? method.StepSizeRateScale,
                };
                return new GradientMetaLearner(target, method);
            default:
                throw new ArgumentException($"There is no variant '{variant}'; known are official, biases, solved, scale, scale-solved, add-solved, init and init-rates.", nameof(variant));
        }

        shape = shape with
        {
            WeightGroups = options.Int("groups"),
            PatchSize = options.Int("patch"),
            Dimension = options.Int("dimension"),
            EmbeddingScale = options.Number("embedding"),
            Depth = options.Int("depth"),
            Heads = options.Int("heads"),
            FeedForward = options.Int("feed"),
            AverageDecay = options.Number("average") is > 0 and var decay ? decay : null,
            LinearType = options.Text("linear") switch
            {
                "float32" => ScalarType.Float32,
                "bfloat16" => ScalarType.BFloat16,
                var other => throw new ArgumentException($"There is no type '{other}' for linear layers; known are float32 and bfloat16."),
            },
            Ridge = options.NumberOrNone("ridge") ?? shape.Ridge,
        };
        return new TransformerMetaLearner(target, size, shape, seed: options.Int("seed"));
    }

    private static LearningRateSchedule Schedule(StudyArguments options) => (options.Text("schedule") switch
    {
        "constant" => LearningRateSchedule.Constant,
        "cosine" => LearningRateSchedule.Cosine(),
        "official" => LearningRateSchedule.Drop(),
        var other => throw new ArgumentException($"There is no schedule '{other}'; known are constant, cosine and official."),
    }) is var schedule && options.Int("warmup") is > 0 and var steps ? schedule.WithWarmUp(steps) : schedule;

    // The folders train and test, or a tenth of the only folder held out.
    private static (ISignalDataset Training, ISignalDataset HeldOut) Data(StudyArguments options, int size)
    {
        string data = options.Text("data");
        return Directory.Exists(Path.Combine(data, "train"))
            ? (StudyImages.Open(Path.Combine(data, "train"), size), StudyImages.Open(Path.Combine(data, "test"), size))
            : StudyImages.Open(data, size).Split(0.1);
    }

    private static void JudgeOn(IMetaLearner learner, ISignalDataset pictures, int limit, StudyArguments options)
    {
        Console.WriteLine();
        var table = new StudyTable($"on {Math.Min(limit, pictures.Count)} held-out pictures", "mean, dB", "largest, dB", "smallest, dB", "ms a picture");
        Row("as trained", learner);
        foreach (double steps in options.Numbers("optimise"))
        {
            using var optimized = new TestTimeLearner(new Borrowed(learner), new TestTimeOptions { Steps = (int)steps, LearningRate = options.Number("optimise-rate") });
            Row($"and {steps} test-time steps", optimized);
            if (options.Text("variant").Contains("solved", StringComparison.Ordinal))
            {
                using var solved = new TestTimeLearner(new Borrowed(learner), new TestTimeOptions { Steps = (int)steps, LearningRate = options.Number("solve-rate"), SolveLinearPart = true, Ridge = options.NumberOrNone("ridge") ?? 1e-4 });
                Row($"and {steps} steps, last layer solved at each", solved);
            }
        }

        void Row(string name, IMetaLearner judged)
        {
            var psnrs = new List<double>();
            double seconds = 0;
            for (int i = 0; i < Math.Min(limit, pictures.Count); i++)
            {
                using var picture = pictures.Load(i);
                using var result = judged.Fit(picture);
                psnrs.Add(result.Psnr);
                seconds += result.Elapsed.TotalSeconds;
            }

            table.Add($"{name}", $"{psnrs.Average():0.00}", $"{psnrs.Max():0.00}", $"{psnrs.Min():0.00}", $"{1e3 * seconds / psnrs.Count:0.0}");
        }
    }

    private sealed class Rows(StudyTable table) : IProgress<MetaTrainingProgress>
    {
        public void Report(MetaTrainingProgress value)
        {
            table.Add($"{value.Elapsed.TotalMinutes:0.0}", $"{value.Step}", $"{value.Psnr:0.00}", $"{(value.HeldOutPsnr is { } p ? p.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : "")}");
            foreach (var skipped in value.Skipped)
                Console.Error.WriteLine($"warning: skipped '{skipped.Name}': {skipped.Reason}");
        }
    }
}
