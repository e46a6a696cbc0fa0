using Inr.Examples;
using Inr.Parameterizations.Tests.Mlp;

namespace Inr.Parameterizations.Tests.Contract;

/// <summary>The target functions that the contract suite runs over: one row each.</summary>
public static class TargetTable
{
    private static readonly Dictionary<string, Func<ITargetFunction>> Rows = new()
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
        ["nerf-mlp"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4 }),
        ["nerf-mlp with view directions"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 3, EncodingSize = 4, ViewDirections = true, DirectionEncodingSize = 4 }),
        ["nerf-mlp with raw view directions"] = () => new NerfMlp(new NerfMlpOptions { Width = 8, Depth = 2, EncodingSize = 4, ViewDirections = true, DirectionEncodingSize = 0 }),
        ["polynomial (the example of docs/adding-a-target-function.md)"] = () => new PolynomialTarget(2, 3, degree: 3),
    };

    // Operations without a meta kernel in libtorch's C++ library, by the row that needs one: it is proved by the other of the two proofs alone.
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
        ["nerf-mlp"] = "aten::relu",
        ["nerf-mlp with view directions"] = "aten::relu",
        ["nerf-mlp with raw view directions"] = "aten::relu",
    };

    static TargetTable()
    {
        PolynomialTarget.Register();
        HarmonicTarget.Register();
        WaveletActivation.Register();
    }

    /// <summary>The names of the rows, as xunit wants them.</summary>
    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>The rows whose target is linear in some of its parameters.</summary>
    public static TheoryData<string> NamesWithClosedForm => [.. Rows.Keys.Where(n => Get(n) is ILinearInParameters { LinearParameters.Count: > 0 })];

    /// <summary>The rows that run on the device meta.</summary>
    public static TheoryData<string> NamesOnMeta => [.. Rows.Keys.Where(n => !LacksOnMeta.ContainsKey(n))];

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

    /// <summary>The target function of a row.</summary>
    public static ITargetFunction Get(string name) => Rows[name]();
}
