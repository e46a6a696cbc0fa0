using System.Runtime.Intrinsics;
using Inr.Parameterizations.Engine;

namespace Inr.Parameterizations.Tests.Mlp.Engine;

/// <summary>Networks of every encoding, activation, width and output that the engine has a path for, and its vectors.</summary>
internal static class EngineCases
{
    /// <summary>The networks by name.</summary>
    public static IReadOnlyDictionary<string, PerceptronDescription> Networks { get; } = new Dictionary<string, PerceptronDescription>
    {
        ["siren"] = new(2, 3) { HiddenWidths = [64, 64, 64], Hidden = Activation.Sine.At(30), OutputOffset = 0.5 },
        ["siren, other first"] = new(1, 1) { HiddenWidths = [37, 70], First = Activation.Sine.At(8), Hidden = Activation.Sine.At(5) },
        ["siren, wide tiles"] = new(2, 3) { HiddenWidths = [288, 8], Hidden = Activation.Sine.At(10) },
        ["relu, positional"] = new(2, 3) { Encoding = new PositionalEncoding(12, 8), HiddenWidths = [33, 32, 31], OutputOffset = 0.5 },
        ["relu, positional without gaps"] = new(2, 4) { Encoding = new PositionalEncoding(32, 8), HiddenWidths = [96] },
        ["relu, fourier"] = new(2, 3) { Encoding = new GaussianEncoding(20, 1), HiddenWidths = [64, 48], Output = OutputMap.Sigmoid },
        ["relu, plain"] = new(3, 5) { HiddenWidths = [24, 100] },
        ["finer"] = new(2, 3) { HiddenWidths = [40, 40], Hidden = Activation.Finer.At(3) },
        ["gauss"] = new(2, 1) { HiddenWidths = [40, 33], Hidden = Activation.Gauss.At(2) },
        ["tanh"] = new(2, 3) { HiddenWidths = [40, 33], Hidden = Activation.Tanh, First = Activation.Sine.At(4) },
        ["gelu"] = new(2, 3) { HiddenWidths = [40, 33], Hidden = Activation.Gelu },
        ["many coordinates and values"] = new(11, 37) { HiddenWidths = [50, 45], Hidden = Activation.Tanh },
        ["width one"] = new(2, 2) { HiddenWidths = [1, 1], Hidden = Activation.Sine.At(2) },
        ["no hidden layer"] = new(2, 3) { HiddenWidths = [], OutputOffset = 0.25 },
        ["no hidden layer, encoded"] = new(3, 2) { Encoding = new PositionalEncoding(6, 4), HiddenWidths = [], Output = OutputMap.Sigmoid },
        ["no hidden layer, 40 coordinates"] = new(40, 6) { HiddenWidths = [] },
    };

    /// <summary>Names and vector widths in bits.</summary>
    public static TheoryData<string, int> All()
    {
        var rows = new TheoryData<string, int>();
        foreach (string name in Networks.Keys)
        {
            foreach (int bits in Widths)
                rows.Add(name, bits);
        }

        return rows;
    }

    /// <summary>The widths that this processor has.</summary>
    public static IReadOnlyList<int> Widths => [.. new[] { 128, 256, 512 }.Where(b => b == 128 || (b == 256 ? Vector256.IsHardwareAccelerated : Vector512.IsHardwareAccelerated))];

    /// <summary>The engine for a network on vectors of a width.</summary>
    public static PerceptronKernel Kernel(PerceptronDescription network, int bits) => bits switch
    {
        512 => PerceptronKernel.On<Lanes512, Vector512<float>>(network),
        256 => PerceptronKernel.On<Lanes256, Vector256<float>>(network),
        _ => PerceptronKernel.On<Lanes128, Vector128<float>>(network),
    };
}
