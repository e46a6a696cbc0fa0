using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Studies.Matrix;

/// <summary>The families of the matrix.</summary>
internal static class MatrixFamilyTable
{
    private static readonly double[] UsualRates = [1e-2, 4e-3, 2e-2];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MatrixFamily> All { get; } =
    [
        new("relu-mlp", "ReLU perceptron")
        {
            Iterative = frequency => Entry("relu-mlp", (b, width) => b.UseReluMlp(o => o with { Width = width, Depth = 4, EncodingSize = 32, MaxFrequency = frequency })),
            Swept = "largest frequency",
            // Up to the Nyquist frequency of the samples.
            SweptValues = data => data.IsImage ? [8, 16, 4] : [128, 256, 64],
            Rates = UsualRates,
        },
        new("fourier-mlp", "Fourier-feature perceptron")
        {
            Iterative = sigma => Entry("fourier-mlp", (b, width) => b.UseFourierFeatureMlp(o => o with { Width = width, Frequencies = width, Depth = 4, Sigma = sigma })),
            Swept = "σ",
            SweptValues = data => data.IsImage ? [5, 10, 2.5] : [80, 160, 40],
            Rates = UsualRates,
        },
        new("siren", "SIREN")
        {
            Iterative = omega => Entry("siren", (b, width) => b.UseSiren(o => o with { Width = width, HiddenLayers = 2, FirstOmega = omega })),
            Swept = "ω₀ of the first layer",
            SweptValues = data => data.IsImage ? [30, 60, 15] : [300, 1_000, 100],
            Rates = [1e-3, 2e-3, 5e-4],
            InnerRates = [3e-3, 1e-2, 3e-2],
            UpdateRule = WeightUpdateRule.Scale,
        },
        new("piecewise-fourier", "piecewise Fourier")
        {
            Iterative = _ => Entry("cell-fourier", (b, cells) => b.UseCellFourier(o => o with { Cells = cells }), LargestCells),
            Rates = [5e-2, 2e-2, 1e-1],
            InnerRates = [3, 10, 30],
            UpdateRule = WeightUpdateRule.Add,
            StartsFromMean = true,
            HasLayers = false,
            ClosedForm = PiecewiseFourier,
        },
        new("block-cosine", "block cosines (null model)")
        {
            ClosedForm = (data, _, floats) => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = floats }),
            ClosedFormNeedsGrid = true,
        },
        new("global-cosine", "global cosines (null model)")
        {
            ClosedForm = (data, _, floats) => new BlockCosineFitter(new BlockCosineOptions { FloatBudget = floats, Global = true }),
            ClosedFormNeedsGrid = true,
        },
    ];

    private const int LargestCells = 64;

    private static PiecewiseFourierFitter PiecewiseFourier(MatrixData data, MatrixContext context, int floats) => new(new PiecewiseFourierOptions
    {
        FloatBudget = floats,
        SampleGrid = context.IsSparse ? data.Grid : null,
        Denoise = context.IsNoisy,
        Threads = TorchRuntime.Threads,
    });

    private static TargetEntry Entry(string name, Action<InrBuilder, int> use, int widest = 8192) =>
        new(name, "", (builder, settings) => use(builder, settings.Width!.Value)) { Budget = new WidthBudget(widest) };
}
