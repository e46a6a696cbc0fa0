using Inr.Meta.Tests.Gradient;
using Inr.Meta.Tests.Training;
using Inr.Parameterizations;

namespace Inr.Meta.Tests.Contract;

/// <summary>Every kind of learner, small, with signals that they take: what all learners promise runs over these rows.</summary>
public static class LearnerKinds
{
    private static readonly Dictionary<string, Func<IMetaLearner>> Rows = new()
    {
        ["gradient"] = () => new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.MetaSgd()),
        ["gradient, in groups"] = () => new GradientMetaLearner(FamilyTable.Target("siren"), Changed(GradientMethods.Maml(), o => o with { SamplesPerPiece = 1 })),
        ["gradient, latent"] = () => new GradientMetaLearner(FamilyTable.Target("siren"), GradientMethods.Functa(6)),
        ["gradient, solved"] = () => new GradientMetaLearner(FamilyTable.Target("siren"), Changed(GradientMethods.Maml(), o => o with { SolveLinearPart = true })),
        ["transformer, patches"] = () => new TransformerMetaLearner(FamilyTable.Target("relu-mlp"), 6, Small()),
        ["transformer, sets"] = () => new TransformerMetaLearner(FamilyTable.Target("relu-mlp"), null, Small()),
        ["transformer, solved"] = () => new TransformerMetaLearner(FamilyTable.Target("relu-mlp"), 6, Changed(Small(), o => o with { SolveLinearPart = true })),
        ["transformer, low rank"] = () => new TransformerMetaLearner(FamilyTable.Target("relu-mlp"), 6, Changed(Small(), o => o with { UpdateRule = WeightUpdateRule.LowRank, InstanceBiases = true })),
        ["transformer of cells"] = () => new TransformerMetaLearner(FamilyTable.Target("cell-fourier"), 6, Small()),
        ["linear-Gaussian, cosines"] = () => new LinearGaussianLearner(new CosineTarget(2, [6, 6]), new() { Components = 5, MirrorAxis = 1, Lattice = [6, 6] }),
        ["linear-Gaussian, perceptron"] = () => new LinearGaussianLearner(FamilyTable.Target("siren"), new() { Components = 4 }),
        ["linear-Gaussian, cells"] = () => new LinearGaussianLearner(FamilyTable.Target("cell-fourier"), new() { Components = 4, Noise = 0.1 }),
        ["test-time steps"] = () => new TestTimeLearner(new GradientMetaLearner(FamilyTable.Target("siren")), new TestTimeOptions { Steps = 2 }),
        ["test-time steps, solved"] = () => new TestTimeLearner(new TransformerMetaLearner(FamilyTable.Target("relu-mlp"), 6, Small()), new TestTimeOptions { Steps = 2, SolveLinearPart = true }),
        ["no test-time step"] = () => new TestTimeLearner(new GradientMetaLearner(FamilyTable.Target("siren")), new TestTimeOptions { Steps = 0 }),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static IMetaLearner Get(string name) => Rows[name]();

    /// <summary>Two signals that every learner takes; the caller disposes of the batch.</summary>
    public static SignalBatch Batch()
    {
        using var a = new TinyTasks(2).Load(0);
        using var b = new TinyTasks(2).Load(1);
        return SignalBatch.Stack([a, b]);
    }

    private static TransformerOptions Small() => new() { Dimension = 16, Depth = 1, Heads = 2, HeadDimension = 8, FeedForward = 16, PatchSize = 3, WeightGroups = 4 };

    private static T Changed<T>(T options, Func<T, T> change) => change(options);
}
