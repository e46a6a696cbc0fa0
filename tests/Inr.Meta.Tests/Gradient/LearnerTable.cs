using Inr.Parameterizations;

namespace Inr.Meta.Tests.Gradient;

/// <summary>Learners that the fitter contract runs over, each with the PSNR that it must reach on the test image untrained.</summary>
public static class LearnerTable
{
    private static readonly Dictionary<string, (Func<ISignalFitter> Create, double Psnr)> Rows = new()
    {
        ["maml, momentum"] = (() => Siren().UseMaml(o => (o.InnerSteps, o.InnerUpdate) = (80, InnerUpdate.Momentum)).Build(), 18),
        ["maml, Adam"] = (() => Siren().UseMaml(o => (o.InnerSteps, o.InnerUpdate, o.StepSize) = (60, InnerUpdate.Adam, 5e-3)).Build(), 26),
        ["maml, then optimised"] = (() => Siren().UseMaml(o => (o.OptimizeSteps, o.OptimizeLearningRate) = (60, 5e-3)).Build(), 26),
        ["maml, random samples"] = (() => Siren().UseMaml(o => (o.InnerSteps, o.InnerUpdate, o.StepSize, o.Selection, o.SelectInAdaptation) = (60, InnerUpdate.Adam, 5e-3, ContextSelection.Random, true)).Build(), 20),
        ["gradncp"] = (() => Siren().UseGradientMeta(GradientMethods.GradNcp(), o => (o.InnerSteps, o.InnerUpdate, o.StepSize, o.SelectInAdaptation) = (60, InnerUpdate.Adam, 5e-3, true)).Build(), 20),
        ["maml, solved layer"] = (() => Siren().UseMaml(o => (o.InnerSteps, o.InnerUpdate, o.SolveLinearPart) = (10, InnerUpdate.Adam, true)).Build(), 24),
        ["modulation"] = (() => Siren().UseModulation(o => (o.InnerSteps, o.InnerUpdate, o.LatentSize, o.StepSizeUpTo, o.StepSize) = (80, InnerUpdate.Adam, 24, 0.06, 0.05)).Build(), 11.5),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    public static ISignalFitter Get(string name) => Rows[name].Create();

    public static double Psnr(string name) => Rows[name].Psnr;

    private static InrBuilder Siren() => InrBuilder.ForImages().UseSiren(o => (o.Width, o.HiddenLayers, o.FirstOmega) = (24, 1, 10));
}
