using Inr.Benchmarks.Adaptation;
using Inr.Benchmarks.Fitting;
using Inr.Benchmarks.Rendering;
using Inr.Benchmarks.Training;

namespace Inr.Benchmarks.Results;

/// <summary>The pages of <c>benchmarks/results</c>. A new one is one row.</summary>
internal static class ResultsPages
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResultsFile> All { get; } =
    [
        new("fit", "Fit time",
            "Medians. Gradient-fitted families: a hundred Adam steps on a 64×64 RGB picture, all samples in every step, perceptrons of width 256 with five layers, 16×16 cut cells. " +
            "The fitter also keeps the best state and checks for divergence. Closed forms: a whole fit of a 256×256 picture with 30,000 floats. By hand, every block keeps as many " +
            "cosines; `block-cosine` and `global-cosine` also choose block sides and the terms of each block and channel, which gives a better picture and costs time. " +
            "The search of `piecewise-fourier` has no version by hand.",
            [typeof(FitBenchmark), typeof(ClosedFormBenchmark)]),
        new("render", "Rendering",
            "Medians. Gradient-fitted families as in [fit.md](fit.md), by hand in one forward pass over all pixels. Closed forms: fitted to 128×128 pixels with 12,000 floats, by hand two matrix products a block.",
            [typeof(RenderBenchmark), typeof(CosineRenderBenchmark)]),
        new("adaptation", "Adaptation of meta-learners",
            "Medians. θ of one 64×64 RGB picture. Gradient learners on a SIREN 2-64×3-3 with their usual inner steps (MAML 2, Reptile 16, modulation 3 on a latent of 128); the transformer (width 192, depth 4) writes the perceptron of " +
            "`dotnet run -c Release --project benchmarks/Inr.Studies -- transformer faces`. By hand: autograd on a list of tensors, and the official operations of Trans-INR one by one.",
            [typeof(AdaptationBenchmark)]),
        new("training-step", "One outer step of training",
            "Medians. Four 64×64 RGB pictures a step; the learners of [adaptation.md](adaptation.md). By hand: task by task for the gradient learners, one batch for the transformer, then TorchSharp's Adam. " +
            "The library's step includes its batches, divergence checks and reports.",
            [typeof(TrainingStepBenchmark)]),
    ];
}
