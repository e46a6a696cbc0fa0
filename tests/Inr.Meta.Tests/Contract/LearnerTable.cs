using Inr.Parameterizations;

namespace Inr.Meta.Tests.Contract;

/// <summary>Learners that the fitter contract runs over, each with the PSNR that it must reach on the test image untrained.</summary>
public static class LearnerTable
{
    private static readonly Dictionary<string, (Func<ISignalFitter> Create, double Psnr)> Rows = new()
    {
        ["maml, momentum"] = (() => Siren().UseMaml(o => o with { InnerSteps = 80, InnerUpdate = InnerUpdate.Momentum }).Build(), 18),
        ["maml, Adam"] = (() => Siren().UseMaml(o => o with { InnerSteps = 60, InnerUpdate = InnerUpdate.Adam, StepSize = 5e-3 }).Build(), 26),
        ["maml, then optimized"] = (() => Siren().UseMaml(o => o with { OptimizeSteps = 60, OptimizeLearningRate = 5e-3 }).Build(), 26),
        ["maml, random samples"] = (() => Siren().UseMaml(o => o with { InnerSteps = 60, InnerUpdate = InnerUpdate.Adam, StepSize = 5e-3, Selection = ContextSelection.Random, SelectInAdaptation = true }).Build(), 20),
        ["gradncp"] = (() => Siren().UseGradientMeta(GradientMethods.GradNcp(), o => o with { InnerSteps = 60, InnerUpdate = InnerUpdate.Adam, StepSize = 5e-3, SelectInAdaptation = true }).Build(), 20),
        ["maml, solved layer"] = (() => Siren().UseMaml(o => o with { InnerSteps = 10, InnerUpdate = InnerUpdate.Adam, SolveLinearPart = true }).Build(), 24),
        // Untrained, a transformer draws features by chance; the solved layer makes them fit.
        ["transformer, solved layer"] = (() => Transformer().Build(), 16),
        ["transformer, then test-time steps"] = (() => Transformer().UseTestTimeSteps(o => o with { Steps = 20, LearningRate = 1e-2, SolveLinearPart = true }).Build(), 24),
        ["modulation"] = (() => Siren().UseModulation(o => o with { InnerSteps = 80, InnerUpdate = InnerUpdate.Adam, LatentSize = 24, StepSizeUpTo = 0.06, StepSize = 0.05 }).Build(), 11.5),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static ISignalFitter Get(string name) => Rows[name].Create();

    public static double Psnr(string name) => Rows[name].Psnr;

    private static InrBuilder Siren() => InrBuilder.ForImages().UseSiren(o => o with { Width = 24, HiddenLayers = 1, FirstOmega = 10 });

    private static MetaLearnerBuilder Transformer() => InrBuilder.ForImages()
        .UseReluMlp(o => o with { Width = 16, LastWidth = 96, Depth = 3, EncodingSize = 16, MaxFrequency = 8 })
        .UseTransformer(o => o with { Dimension = 16, Depth = 1, Heads = 2, HeadDimension = 8, FeedForward = 16, WeightGroups = 4, SamplesPerToken = 16, SolveLinearPart = true });
}
