using Inr.Meta;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

/// <summary>Measures the transformer meta-learner; <c>docs/transformer.md</c> has the commands and what they gave.</summary>
internal static partial class TransformerStudy
{
    private const string Shared = "../shared";

    private static readonly string SmallFacesFolder = Path.Combine(Shared, "data", "celeba-89x109");
    private static readonly TransformerOptions Usual = new();

    /// <summary>What the command line offers.</summary>
    public static Study Study { get; } = new("transformer", "The transformer: parity, speed, steps, faces, a scene.",
    [
        Part("speed", "The full configuration against a plain transcription, one image.", Speed)
            .Int("runs", 8, "Runs, of which the best counts."),
        Part("parity", "3,000 steps on the official batches against the official losses.", Parity)
            .Text("shared", Shared, "The folder of shared data.")
            .Int("steps", null, "Steps; as many as the official curve has by default."),
        Part("faces", "Trains for a time and judges on held-out pictures.", Faces).With(Training),
        Part("emoji", "Trains the learner that the demo ships.", Emoji).With(Training)
            .Usual("data", Path.Combine(Shared, "data", "noto-emoji-72", "72"))
            .Usual("variant", "solved")
            .Usual("target-depth", 3)
            .Usual("target-width", 40)
            .Usual("target-features", 900)
            .Usual("ridge", 3e-5)
            .Usual("batch", 4)
            .Usual("steps", 700)
            .Usual("schedule", "cosine")
            .Usual("dimension", 128)
            .Usual("heads", 4)
            .Usual("feed", 512)
            .Usual("groups", 16)
            .Usual("rate", 1e-3)
            .Usual("clip", 1.0)
            .Usual("warmup", 100)
            .Usual("average", 0.995)
            .Usual("evaluate", 250)
            .Usual("report", 50)
            .Usual("save", 100)
            .Usual("checkpoint", Path.Combine("artifacts", "emoji.checkpoint")),
        Part("judge", "Judges a saved learner: one forward pass, and test-time steps after it.", Judge)
            .With(Learner)
            .Int("limit", 200, "Pictures to judge on.")
            .Text("variant", "", "solved for a learner whose last layer is in closed form.")
            .With(Judging),
        Part("steps", "One forward pass of a learner against steps of gradient descent: time, FLOPs, PSNR.", Steps)
            .With(Learner)
            .Int("limit", 20, "Pictures.")
            .Numbers("rates", [1e-3, 3e-3, 1e-2], "Rates of gradient descent, of which the best counts.")
            .Numbers("k", [1, 2, 4, 8, 16, 32, 64, 128, 256], "Numbers of gradient steps."),
        Part("blocks", "How far each block moves the weight tokens, and PSNR when decoding after it.", Blocks)
            .With(Learner)
            .Int("limit", 64, "Pictures."),
        Part("scene", "A radiance field of one scene, judged on views that it did not see.", Scene)
            .Text("data", Path.Combine(Shared, "data", "nerf-lego"), "The folder of a scene.")
            .Int("size", 100, "The side of the views.")
            .Int("limit", 25, "Held-out views.")
            .Int("width", 128, "The width of the field.")
            .Int("depth", 5, "Its layers.")
            .Int("encoding", 20, "Its encoding of a coordinate.")
            .Int("steps", 1_000_000, "Steps at most.")
            .Number("minutes", 30, "When the fit ends.")
            .Int("batch", 16_384, "Points of a step.")
            .Int("grid", 128, "The side of the grid of occupied space.")
            .Int("from", 256, "The step from which it is used.")
            .Int("every", 64, "Steps between its updates.")
            .Int("carve", 1, "Whether silhouettes carve space: 1 or 0.")
            .Int("rays", 4_096, "Rays of a step.")
            .Number("rate", 3e-3, "The learning rate at the start.")
            .Int("points", 128, "Points of a ray.")
            .Int("report", 100, "Steps between two looks.")
            .Int("print", 500, "Steps between two rows.")
            .Text("out", "", "Where the field is saved."),
    ]);

    private static StudyPart Part(string name, string summary, Action<StudyArguments> run) => new StudyPart(name, summary, o =>
    {
        TorchRuntime.KeepFreedMemory();
        torch.set_num_threads(o.Int("threads"));
        run(o);
    }).Int("threads", 2, "Threads of one tensor operation.");

    private static StudyPart Learner(StudyPart part) => part
        .Text("learner", "faces.safetensors", "A saved learner.")
        .Text("data", SmallFacesFolder, "A folder with train and test, or of pictures, a tenth of which is held out.")
        .Int("size", 64, "The side of the pictures, where the learner does not say.");

    private static StudyPart Judging(StudyPart part) => part
        .Numbers("optimise", [10], "Test-time steps, one row each.")
        .Number("optimise-rate", 1e-3, "Their learning rate.")
        .Number("solve-rate", 3e-3, "The same where the last layer is solved at each step.")
        .Number("ridge", null, "The ridge of the last layer; the learner's own by default.");

    private static StudyPart Training(StudyPart part) => part
        .Text("data", SmallFacesFolder, "A folder with train and test, or of pictures, a tenth of which is held out.")
        .Int("size", 64, "The side of the pictures.")
        .Text("variant", "official", "official, biases, solved, scale, scale-solved, add-solved, init or init-rates.")
        .Text("target", "relu-mlp", "relu-mlp or cell-fourier.")
        .Int("target-depth", 4, "Layers of the perceptron.")
        .Int("target-width", 128, "Its width.")
        .Int("target-features", 0, "The width of its last hidden layer; 0 for the same.")
        .Int("cells", 16, "Cells of cell-fourier along an axis.")
        .Int("terms", 32, "Terms of a cell.")
        .Int("groups", Usual.WeightGroups, "Groups of weights that share a token.")
        .Int("patch", Usual.PatchSize, "The side of a patch.")
        .Int("dimension", Usual.Dimension, "The width of a token.")
        .Number("embedding", Usual.EmbeddingScale, "The scale of the initial embeddings.")
        .Int("depth", Usual.Depth, "Blocks of the encoder.")
        .Int("heads", Usual.Heads, "Heads of attention.")
        .Int("feed", Usual.FeedForward, "The width of a feed-forward layer.")
        .Number("average", 0, "The decay of averaged weights; 0 for none.")
        .Text("linear", "float32", "The type in which linear layers compute: float32 or bfloat16.")
        .Int("inner", 2, "Inner steps of the variants init and init-rates.")
        .Number("size-rate-scale", null, "The rate of their step sizes, over the outer one.")
        .Int("seed", 0, "Draws the initial weights.")
        .Int("steps", 1_000_000, "Outer steps at most.")
        .Number("minutes", 40, "When the training ends.")
        .Int("batch", 16, "Pictures of a step.")
        .Number("rate", 5e-4, "The learning rate.")
        .Text("schedule", "constant", "constant, cosine or official.")
        .Int("warmup", 0, "Steps in which the rate rises.")
        .Number("clip", 0, "The largest norm of a gradient; 0 for none.")
        .Number("query", 1, "The share of the samples that a step is judged on.")
        .Int("limit", 200, "Held-out pictures to judge on.")
        .Int("evaluate", 1_000, "Steps between two looks at held-out pictures.")
        .Int("report", 250, "Steps between two rows.")
        .Text("checkpoint", "", "A checkpoint to go on from, and to keep.")
        .Int("save", 500, "Steps between two checkpoints.")
        .Text("out", "", "Where the learner is saved.")
        .With(Judging);

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    /// <summary>The target and the hypernetwork of the paper's face configuration at 64 pixels.</summary>
    private static (ReluMlp Target, TransformerOptions Options) SmallFaces(StudyArguments options) => (
        new ReluMlp(2, 3, new ReluMlpOptions
        {
            Depth = options.Int("target-depth"),
            Width = options.Int("target-width"),
            LastWidth = options.Int("target-features") is > 0 and var features ? features : null,
            EncodingSize = 64,
            MaxFrequency = 32,
            OutputOffset = 0.5,
        }),
        new TransformerOptions());

    /// <summary>The best time of each action in seconds, of runs that take turns, after one that warms up.</summary>
    private static double[] Race(int runs, params Action[] actions)
    {
        double[] best = [.. Enumerable.Repeat(double.PositiveInfinity, actions.Length)];
        for (int run = -1; run < runs; run++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                actions[i]();
                if (run >= 0)
                    best[i] = Math.Min(best[i], clock.Elapsed.TotalSeconds);
            }
        }

        return best;
    }
}
