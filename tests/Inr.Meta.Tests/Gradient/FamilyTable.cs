using Inr.Parameterizations;

namespace Inr.Meta.Tests.Gradient;

/// <summary>Small members of the family on small targets: one row each for the gradient, leak and file checks.</summary>
public static class FamilyTable
{
    private static readonly Dictionary<string, Func<GradientMetaOptions>> Methods = new()
    {
        ["maml"] = GradientMethods.Maml,
        ["maml, recomputed"] = () => With(GradientMethods.Maml(), o => o with { RecomputeSteps = true }),
        ["maml, momentum"] = () => With(GradientMethods.Maml(), o => o with { InnerUpdate = InnerUpdate.Momentum }),
        ["maml, momentum recomputed"] = () => With(GradientMethods.Maml(), o => o with { InnerUpdate = InnerUpdate.Momentum, RecomputeSteps = true }),
        ["maml, Adam"] = () => With(GradientMethods.Maml(), o => o with { InnerUpdate = InnerUpdate.Adam, StepSize = 1e-3 }),
        ["maml, Adam recomputed"] = () => With(GradientMethods.Maml(), o => o with { InnerUpdate = InnerUpdate.Adam, StepSize = 1e-3, RecomputeSteps = true }),
        ["maml, clipped"] = () => With(GradientMethods.Maml(), o => o with { InnerClipNorm = 0.05 }),
        ["maml, solved layer"] = () => With(GradientMethods.Maml(), o => o with { SolveLinearPart = true }),
        ["anil"] = GradientMethods.Anil,
        ["anil, two layers"] = () => With(GradientMethods.Anil(), o => o with { LastLayers = 2, StepSize = 0.01 }),
        ["meta-sgd"] = GradientMethods.MetaSgd,
        ["step size per tensor"] = () => With(GradientMethods.Maml(), o => o with { StepSizeRule = StepSizeRule.PerTensor }),
        ["step size per tensor and step"] = () => With(GradientMethods.Maml(), o => o with { StepSizeRule = StepSizeRule.PerTensor, StepSizePerStep = true }),
        ["metasdf"] = GradientMethods.MetaSdf,
        ["metasdf, recomputed"] = () => With(GradientMethods.MetaSdf(), o => o with { RecomputeSteps = true }),
        ["cavia"] = () => GradientMethods.Cavia(4),
        ["functa"] = () => GradientMethods.Functa(6),
        ["coin++"] = () => GradientMethods.CoinPlusPlus(6),
        ["scale modulation"] = () => With(GradientMethods.Functa(6), o => o with { Modulation = Modulation.Scale }),
        ["shift and scale, recomputed"] = () => With(GradientMethods.Functa(6), o => o with { Modulation = Modulation.ShiftAndScale, RecomputeSteps = true }),
    };

    private static readonly Dictionary<string, Func<ITargetFunction>> Targets = new()
    {
        ["siren"] = () => new Siren(2, 2, new SirenOptions { Width = 7, HiddenLayers = 1, FirstOmega = 6, HiddenOmega = 6, OutputOffset = 0.5 }),
        ["relu-mlp"] = () => new ReluMlp(2, 2, new ReluMlpOptions { Width = 9, Depth = 3, EncodingSize = 8, MaxFrequency = 2 }),
        ["cell-fourier"] = () => new CellFourierTarget(2, 2, new CellFourierOptions { Cells = 2, Terms = 3, IndicatorWidth = 0.4 }),
    };

    public static TheoryData<string> MethodNames => [.. Methods.Keys];

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string target in Targets.Keys)
            {
                // A latent modulates dense layers, which a piecewise expansion does not have.
                bool dense = LayoutLayers.Dense(Target(target).Layout).Count > 1;
                foreach (string method in Methods.Keys.Where(m => dense || Method(m).Adapt != AdaptedPart.Latent))
                    rows.Add(method, target);
            }

            return rows;
        }
    }

    public static GradientMetaOptions Method(string name) => Methods[name]();

    public static ITargetFunction Target(string name) => Targets[name]();

    /// <summary>Tasks of a smooth image each; context and query are different samples.</summary>
    public static MetaBatch Batch(int tasks, int channels, ScalarType dtype, int context = 10, int query = 14)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(99);
        SignalBatch Draw(int samples)
        {
            var x = rand([tasks, samples, 2], dtype: float64, device: CPU, generator: generator) * 2 - 1;
            var phase = arange(tasks, dtype: float64, device: CPU).reshape(-1, 1, 1);
            var y = stack(Enumerable.Range(0, channels).Select(c => 0.5 + 0.3 * (x * (c + 1.3)).sum([-1]).add(phase.squeeze(-1)).sin()).ToArray(), -1);
            return new SignalBatch(x.to(dtype), y.to(dtype));
        }

        return new MetaBatch(Draw(context), Draw(query));
    }

    private static GradientMetaOptions With(GradientMetaOptions options, Func<GradientMetaOptions, GradientMetaOptions> change) => change(options);
}
