using Inr.Examples;

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
        ["cell-fourier"] = () => new CellFourierTarget(2, 3, new CellFourierOptions { Cells = 2, Terms = 5, IndicatorWidth = 0.3 }),
        ["cell-fourier 1-D"] = () => new CellFourierTarget(1, 1, new CellFourierOptions { Cells = 3, Terms = 4, IndicatorWidth = 0.3 }),
        ["cell-fourier 3-D"] = () => new CellFourierTarget(3, 2, new CellFourierOptions { Cells = 1, Terms = 6, IndicatorWidth = 0.3 }),
        ["cell-fourier, power diagram"] = () => new CellFourierTarget(2, 3, new CellFourierOptions { Partition = PartitionKind.PowerDiagram, Cells = 5, Terms = 4, IndicatorWidth = 0.3 }),
        ["cell-fourier, level sets"] = () => new CellFourierTarget(2, 3, new CellFourierOptions { Partition = PartitionKind.LevelSet, Cells = 2, LevelTerms = 4, Terms = 4, IndicatorWidth = 0.5 }),
        ["cell-fourier, real Fourier"] = () => new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 2, Terms = 7, Basis = FourierBasis.Fourier, IndicatorWidth = 0.3 }),
        ["cell-fourier, complex exponentials"] = () => new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 2, Terms = 6, Basis = FourierBasis.ComplexExponential, IndicatorWidth = 0.3 }),
        ["polynomial (the example of docs/adding-a-target-function.md)"] = () => new PolynomialTarget(2, 3, degree: 3),
    };

    static TargetTable() => PolynomialTarget.Register();

    /// <summary>The names of the rows, as xunit wants them.</summary>
    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>The target function of a row.</summary>
    public static ITargetFunction Get(string name) => Rows[name]();
}
