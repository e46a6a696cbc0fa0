using TorchSharp;

namespace Inr.Studies;

/// <summary>Measures the gradient-based meta-learners.</summary>
internal static partial class GradientMetaStudy
{
    private const string Faces89 = "../shared/data/celeba-89x109";

    /// <summary>What the command line offers.</summary>
    public static Study Study { get; } = new("gradient-meta", "The MAML family: faces over training time, methods, batching, memory.",
    [
        Part("faces", "Learned initialization on small faces: PSNR over training time and over inner steps.", Faces)
            .Text("data", Faces89, "A folder with train and test.")
            .Int("limit", 200, "Test faces to judge on.")
            .Numbers("seconds", [90, 180, 270, 360], "When to look; the last ends the training.")
            .With(Clock)
            .Int("batch", 4, "Faces of an outer step.")
            .Number("rate", 1e-3, "The outer learning rate.")
            .Int("hidden", 3, "Hidden layers of the SIREN.")
            .Number("omega", 30, "Frequency factor of its layers.")
            .Int("steps", 2, "Inner steps.")
            .Number("step-size", 1e-2, "The inner step size at the start.")
            .Number("size-rate-scale", 1, "The rate of the step sizes, over the outer one.")
            .Number("context", 1, "The share of the samples that a step adapts to.")
            .Number("query", 1, "The share of the samples that a step is judged on.")
            .Number("clip", 0, "The largest norm of an outer gradient; 0 for none.")
            .Text("details", "yes", "Whether to look at more inner steps, too.")
            .Int("fewer", 20, "Faces of the standard initialization.")
            .Numbers("standard-rates", [0.003, 0.01, 0.03], "Inner step sizes of the standard initialization.")
            .Int("scratch-faces", 5, "Faces that Adam fits from scratch.")
            .Numbers("adam-rates", [1e-3, 2e-3], "Rates of those fits.")
            .Text("out", "", "Where the learner is saved."),
        Part("methods", "The members of the family on the same target and faces, for the same time.", Methods)
            .Text("data", Faces89, "A folder with train and test.")
            .Int("size", 32, "The side of the faces.")
            .Int("limit", 100, "Test faces to judge on.")
            .Number("seconds", 20, "Training of each member.")
            .With(Clock)
            .Int("width", 64, "The width of the SIREN.")
            .Text("only", "", "Members, separated by commas; all by default."),
        Part("batching", "One outer gradient: all tasks in one call, and task by task.", Batching)
            .Int("hidden", 3, "Hidden layers of the SIREN.")
            .Int("pass", 0, "Samples of a pass; 0 for the library's choice.")
            .Int("runs", null, "Runs, of which the best counts; 12 of a wide network and 60 of a narrow one by default."),
        Part("adapt-memory", "Peak memory while adapting, over the number of inner steps.", AdaptMemory)
            .Text("inner", "", "Inner steps, measured in this process; several, each in a process of its own, by default.")
            .Int("points", 256, "Samples of a task.")
            .Int("width", 64, "The width of the SIREN."),
        Part("unroll-memory", "Peak memory of one outer gradient over 32 inner steps.", UnrollMemory)
            .Text("recompute", "", "yes or no, measured in this process; both, each in a process of its own, by default.")
            .Int("points", 4096, "Samples of a task.")
            .Int("width", 64, "The width of the SIREN."),
        Part("leaks", "Live tensors over 500 outer steps.", Leaks),
    ]);

    private static StudyPart Part(string name, string summary, Action<StudyArguments> run) => new StudyPart(name, summary, o =>
    {
        torch.set_num_threads(o.Int("threads"));
        run(o);
    }).Int("threads", 2, "Threads of one tensor operation.");

    private static StudyPart Clock(StudyPart part) => part
        .Text("clock", "wall", "What seconds are: wall, or cpu for the processor time of all threads over their number.")
        .Number("final", 0.05, "The last factor of the learning rate.");

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
