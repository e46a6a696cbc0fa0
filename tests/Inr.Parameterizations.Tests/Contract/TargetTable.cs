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
        ["relu-mlp without encoding"] = () => new ReluMlp(3, 1, new ReluMlpOptions { Width = 8, Depth = 2, EncodingSize = 0 }),
        ["fourier-mlp"] = () => new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { Width = 8, Depth = 3, Frequencies = 5, Sigma = 1 }),
        ["fourier-mlp with sigmoid"] = () => new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 8, Depth = 2, Frequencies = 4, Sigma = 1, SigmoidOutput = true }),
        ["polynomial (the example of docs/adding-a-target-function.md)"] = () => new PolynomialTarget(2, 3, degree: 3),
    };

    static TargetTable() => PolynomialTarget.Register();

    /// <summary>The names of the rows, as xunit wants them.</summary>
    public static TheoryData<string> Names => [.. Rows.Keys];

    /// <summary>The target function of a row.</summary>
    public static ITargetFunction Get(string name) => Rows[name]();
}
