using Inr.Examples;
using Inr.Parameterizations.Tests.Mlp;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>The target functions that the contract suites run over: one row each.</summary>
public static class TargetTable
{
    private const string ReadsNumbers = "no data";

    private static readonly Dictionary<string, Func<ITrainableTarget>> Drawn = new()
    {
        ["siren"] = () => new Siren(2, 3, new SirenOptions { Width = 9, HiddenLayers = 2, FirstOmega = 5, HiddenOmega = 3 }),
        ["siren 1-D with offset"] = () => new Siren(1, 1, new SirenOptions { Width = 6, HiddenLayers = 0, FirstOmega = 7, OutputOffset = 0.5 }),
        ["relu-mlp"] = () => new ReluMlp(2, 3, new ReluMlpOptions { Width = 8, Depth = 3, EncodingSize = 6, MaxFrequency = 4, OutputOffset = 0.5 }),
        ["relu-mlp with many last features"] = () => new ReluMlp(2, 3, new ReluMlpOptions { Width = 6, LastWidth = 17, Depth = 3, EncodingSize = 6, MaxFrequency = 4 }),
        ["relu-mlp without encoding"] = () => new ReluMlp(3, 1, new ReluMlpOptions { Width = 8, Depth = 2, EncodingSize = 0 }),
        ["fourier-mlp"] = () => new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { Width = 8, Depth = 3, Frequencies = 5, Sigma = 1 }),
        ["fourier-mlp with sigmoid"] = () => new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 8, Depth = 2, Frequencies = 4, Sigma = 1, SigmoidOutput = true }),
        ["perceptron, Gauss on a positional encoding"] = () => new DensePerceptron(new(2, 3) { HiddenWidths = [7, 5], Hidden = Activation.Gauss.At(2), Encoding = new PositionalEncoding(4, 2), OutputOffset = 0.5 }),
        ["perceptron, FINER"] = () => new DensePerceptron(new(2, 1) { HiddenWidths = [7, 6, 5], First = Activation.Finer.At(4), Hidden = Activation.Finer.At(2) }),
        ["perceptron, tanh after sines"] = () => new DensePerceptron(new(3, 2) { HiddenWidths = [8, 7], First = Activation.Sine.At(6), Hidden = Activation.Tanh }),
        ["perceptron, GELU on Gaussian frequencies with sigmoid"] = () => new DensePerceptron(new(2, 2) { HiddenWidths = [8], Hidden = Activation.Gelu, Encoding = new GaussianEncoding(5, 1), Output = OutputMap.Sigmoid }),
        ["perceptron without layers"] = () => new DensePerceptron(new(2, 2) { HiddenWidths = [] }),
        ["perceptron, wavelet (the example of an activation of one's own)"] = () => new DensePerceptron(new(2, 2) { HiddenWidths = [7, 6], Hidden = WaveletActivation.Wavelet.At(3) }),
        ["harmonics (features of somebody else)"] = () => new HarmonicTarget(2, terms: 4),
        ["cell-fourier"] = () => new CellFourierTarget(2, 3, new CellFourierOptions { Cells = 2, Terms = 5, IndicatorWidth = 0.3 }),
        ["cell-fourier 1-D"] = () => new CellFourierTarget(1, 1, new CellFourierOptions { Cells = 3, Terms = 4, IndicatorWidth = 0.3 }),
        ["cell-fourier 3-D"] = () => new CellFourierTarget(3, 2, new CellFourierOptions { Cells = 1, Terms = 6, IndicatorWidth = 0.3 }),
        ["cell-fourier, power diagram"] = () => new CellFourierTarget(2, 3, new CellFourierOptions { Partition = PartitionKind.PowerDiagram, Cells = 5, Terms = 4, IndicatorWidth = 0.3 }),
        ["cell-fourier, level sets"] = () => new CellFourierTarget(2, 3, new CellFourierOptions { Partition = PartitionKind.LevelSet, Cells = 2, LevelTerms = 4, Terms = 4, IndicatorWidth = 0.5 }),
        ["cell-fourier, real Fourier"] = () => new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 2, Terms = 7, Basis = FourierBasis.Fourier, IndicatorWidth = 0.3 }),
        ["cell-fourier, complex exponentials"] = () => new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 2, Terms = 6, Basis = FourierBasis.ComplexExponential, IndicatorWidth = 0.3 }),
        ["cosine"] = () => new CosineTarget(3, [4, 5]),
        ["cosine 1-D"] = () => new CosineTarget(1, [6]),
        ["cosine 3-D"] = () => new CosineTarget(2, [2, 3, 2]),
        ["polynomial (the example of docs/adding-a-target-function.md)"] = () => new PolynomialTarget(2, 3, degree: 3),
    };

    // Their structure belongs to one signal: the row says which, and how it is fitted.
    private static readonly Dictionary<string, Lazy<ImplicitRepresentation>> Fitted = new()
    {
        ["piecewise-fourier"] = new(() => Piecewise([24, 30], 3, o => o)),
        ["piecewise-fourier, curved cuts"] = new(() => Piecewise([24, 30], 3, o => o with { CurvedCuts = true })),
        ["piecewise-fourier, soft indicators"] = new(() => Piecewise([24, 30], 3, o => o with { IndicatorWidth = 0.7 })),
        ["piecewise-fourier, soft curved cuts"] = new(() => Piecewise([24, 30], 1, o => o with { IndicatorWidth = 0.7, CurvedCuts = true })),
        ["piecewise-fourier 1-D"] = new(() => Piecewise([130], 1, o => o with { FloatBudget = 24, IndicatorWidth = 0.7 })),
        ["piecewise-fourier 3-D"] = new(() => Piecewise([9, 10, 11], 2, o => o with { IndicatorWidth = 0.7, CurvedCuts = true })),
        ["partition-fourier, power diagram"] = new(() => Piecewise([24, 30], 3, o => o with { Partition = PartitionKind.PowerDiagram })),
        ["partition-fourier, level sets"] = new(() => Piecewise([24, 30], 3, o => o with { Partition = PartitionKind.LevelSet })),
        ["partition-fourier, cut grid"] = new(() => Piecewise([24, 30], 3, o => o with { Partition = PartitionKind.CutGrid })),
        ["compressed-fourier"] = new(() => Coded([24, 30], 3)),
        ["compressed-fourier, grey"] = new(() => Coded([70, 9], 1)),
        ["compressed-fourier 1-D"] = new(() => Coded([1300], 2)),
        ["block-cosine"] = new(() => Cosines([24, 30], global: false)),
        ["global-cosine"] = new(() => Cosines([24, 30], global: true)),
    };

    // What keeps a row from the device meta, so that it is proved by the other of the two proofs alone: an operation without a
    // meta kernel in libtorch's C++ library, or numbers that arrays in C# read by design.
    private static readonly Dictionary<string, string> LacksOnMeta = new()
    {
        ["relu-mlp"] = "aten::relu",
        ["relu-mlp with many last features"] = "aten::relu",
        ["relu-mlp without encoding"] = "aten::relu",
        ["fourier-mlp"] = "aten::relu",
        ["fourier-mlp with sigmoid"] = "aten::relu",
        ["perceptron, FINER"] = "aten::abs",
        ["cell-fourier"] = "aten::index_select",
        ["cell-fourier 1-D"] = "aten::index_select",
        ["cell-fourier 3-D"] = "aten::flip",
        ["cell-fourier, power diagram"] = "aten::flip",
        ["cell-fourier, level sets"] = "aten::flip",
        ["cell-fourier, real Fourier"] = "aten::index_select",
        ["cell-fourier, complex exponentials"] = "aten::index_select",
        ["piecewise-fourier"] = ReadsNumbers,
        ["piecewise-fourier, curved cuts"] = ReadsNumbers,
        ["piecewise-fourier, soft indicators"] = ReadsNumbers,
        ["piecewise-fourier, soft curved cuts"] = ReadsNumbers,
        ["piecewise-fourier 1-D"] = ReadsNumbers,
        ["piecewise-fourier 3-D"] = ReadsNumbers,
        ["partition-fourier, power diagram"] = ReadsNumbers,
        ["partition-fourier, level sets"] = ReadsNumbers,
        ["partition-fourier, cut grid"] = ReadsNumbers,
        ["compressed-fourier"] = ReadsNumbers,
        ["compressed-fourier, grey"] = ReadsNumbers,
        ["compressed-fourier 1-D"] = ReadsNumbers,
        ["block-cosine"] = ReadsNumbers,
        ["global-cosine"] = ReadsNumbers,
    };

    static TargetTable()
    {
        PolynomialTarget.Register();
        HarmonicTarget.Register();
        WaveletActivation.Register();
    }

    /// <summary>The names of all rows, as xunit wants them.</summary>
    public static TheoryData<string> Names => [.. Drawn.Keys, .. Fitted.Keys];

    /// <summary>The rows whose target draws its own θ.</summary>
    public static TheoryData<string> TrainableNames => [.. Drawn.Keys];

    /// <summary>The rows whose target is linear in some of its parameters.</summary>
    public static TheoryData<string> LinearNames => [.. Drawn.Where(row => row.Value() is ILinearInParameters { LinearParameters.Count: > 0 }).Select(row => row.Key)];

    /// <summary>The rows that run on the device meta.</summary>
    public static TheoryData<string> NamesOnMeta => [.. Drawn.Keys.Concat(Fitted.Keys).Where(n => !LacksOnMeta.ContainsKey(n))];

    /// <summary>The others, each with the operation that keeps it from there.</summary>
    public static TheoryData<string, string> NamesNotOnMeta
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (name, operation) in LacksOnMeta)
                rows.Add(name, operation);
            return rows;
        }
    }

    /// <summary>The case of a row.</summary>
    public static TargetCase Get(string name) => Drawn.TryGetValue(name, out var create) ? new TargetCase(create()) : new TargetCase(Fitted[name].Value);

    /// <summary>A target that draws its own θ.</summary>
    public static ITrainableTarget GetTrainable(string name) => Drawn[name]();

    /// <summary>The fit of a row whose structure belongs to a signal.</summary>
    public static ImplicitRepresentation GetFitted(string name) => Fitted[name].Value;

    private static ImplicitRepresentation Piecewise(int[] shape, int channels, Func<PiecewiseFourierOptions, PiecewiseFourierOptions> configure)
    {
        var options = configure(new PiecewiseFourierOptions { FloatBudget = 260 });
        using var signal = Shapes(shape, channels);
        using var fitter = new PiecewiseFourierFitter(options);
        return fitter.Fit(signal).Representation;
    }

    private static ImplicitRepresentation Coded(int[] shape, int channels)
    {
        using var signal = Shapes(shape, channels);
        using var fitter = new CompressedFourierFitter(new CompressedFourierOptions { Quality = 55 });
        return fitter.Fit(signal).Representation;
    }

    private static ImplicitRepresentation Cosines(int[] shape, bool global)
    {
        using var signal = Shapes(shape, 3);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { FloatBudget = 260, Global = global });
        return fitter.Fit(signal).Representation;
    }

    // A ball on a shaded ground: edges that only cuts describe well.
    private static Signal Shapes(int[] shape, int channels)
    {
        using var scope = NewDisposeScope();
        var x = CoordinateGrid.Create(shape);
        var inside = (x - 0.15).square().sum(1).lt(0.3).to(ScalarType.Float32).unsqueeze(1);
        var shade = (x.select(1, 0).unsqueeze(1) * 0.2) + 0.4;
        var tint = arange(channels, float32) * 0.1;
        return Signal.FromGrid((shade + tint) + (inside * (0.35 - tint)), shape);
    }
}
