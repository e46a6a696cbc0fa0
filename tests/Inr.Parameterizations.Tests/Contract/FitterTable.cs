using Inr.Examples;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>The fitters that the contract suite runs over, each with the PSNR that it must reach on the test image: one row each.</summary>
public static class FitterTable
{
    private static readonly Dictionary<string, (Func<ISignalFitter> Create, double Psnr)> Rows = new()
    {
        ["siren, Adam"] = (() => Siren(OptimizerKind.Adam, 5e-3), 28),
        ["siren, AdamW"] = (() => Siren(OptimizerKind.AdamW, 5e-3), 28),
        ["siren, SGD"] = (() => Siren(OptimizerKind.Sgd, 1e-2), 20),
        ["siren, L-BFGS"] = (() => Siren(OptimizerKind.Lbfgs, null), 28),
        ["siren, minibatches"] = (() => Siren(OptimizerKind.Adam, 5e-3, batch: 64), 24),
        ["siren, pieces"] = (() => Siren(OptimizerKind.Adam, 5e-3, pass: 50), 28),
        ["relu-mlp"] = (() => InrBuilder.ForImages()
            .UseReluMlp(o => o with { Width = 32, Depth = 3, EncodingSize = 12, MaxFrequency = 8 })
            .FitWith(o => o with { Steps = 80, LearningRate = 1e-2 }).Build(), 28),
        ["fourier-mlp"] = (() => InrBuilder.ForImages()
            .UseFourierFeatureMlp(o => o with { Width = 32, Depth = 3, Frequencies = 16, Sigma = 2 })
            .FitWith(o => o with { Steps = 80, LearningRate = 1e-2 }).Build(), 28),
        ["piecewise-fourier"] = (() => InrBuilder.ForImages().UsePiecewiseFourier(o => o with { FloatBudget = 200 }).Build(), 40),
        ["piecewise-fourier, refined"] = (() => InrBuilder.ForImages().UsePiecewiseFourier(o => o with { FloatBudget = 200, Refine = true }).Build(), 40),
        ["piecewise-fourier, curved cuts"] = (() => InrBuilder.ForImages().UsePiecewiseFourier(o => o with { FloatBudget = 200, CurvedCuts = true, Refine = true }).Build(), 40),
        ["piecewise-fourier, power diagram"] = (() => Family(PartitionKind.PowerDiagram, 6), 25),
        ["piecewise-fourier, level sets"] = (() => Family(PartitionKind.LevelSet, 1), 25),
        ["piecewise-fourier, cut grid"] = (() => Family(PartitionKind.CutGrid, 2), 25),
        ["compressed-fourier"] = (() => InrBuilder.ForImages().UseCompressedFourier(o => o with { Psnr = 36 }).Build(), 36),
        ["block-cosine"] = (() => InrBuilder.ForImages().UseBlockCosine(o => o with { FloatBudget = 200 }).Build(), 28),
        ["global-cosine"] = (() => InrBuilder.ForImages().UseGlobalCosine(o => o with { FloatBudget = 200 }).Build(), 25),
        ["cell-fourier"] = (() => InrBuilder.ForImages().UseCellFourier(o => o with { Cells = 2, Terms = 6 }).FitWith(o => o with { Steps = 80, LearningRate = 5e-2 }).Build(), 25),
        ["polynomial"] = (() => InrBuilder.ForImages().UsePolynomial().FitWith(o => o with { Steps = 80, LearningRate = 5e-2 }).Build(), 18),
    };

    /// <summary>The names of the rows, as xunit wants them.</summary>
    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>The rows that fit with tensors. The others fit on the processor by design, with arrays that are read from the signal.</summary>
    public static TheoryData<string> NamesOfGradientFits => [.. Rows.Keys.Where(IsGradientFit)];

    /// <summary>The fitter of a row.</summary>
    public static ISignalFitter Get(string name) => Rows[name].Create();

    /// <summary>The PSNR that a row must reach.</summary>
    public static double Psnr(string name) => Rows[name].Psnr;

    private static bool IsGradientFit(string name)
    {
        using var fitter = Get(name);
        return fitter is GradientFitter;
    }

    private static ISignalFitter Family(PartitionKind partition, int cells) => InrBuilder.ForImages()
        .UsePiecewiseFourier(o => o with { FloatBudget = 200, Partition = partition, Cells = cells, LevelTerms = 12 })
        .Build();

    private static ISignalFitter Siren(OptimizerKind optimizer, double? rate, int? batch = null, int? pass = null) => InrBuilder.ForImages()
        .UseSiren(o => o with { Width = 24, HiddenLayers = 1, FirstOmega = 10 })
        .FitWith(o => o with { Steps = 80, Optimizer = optimizer, LearningRate = rate, BatchSize = batch, SamplesPerPiece = pass })
        .Build();
}
