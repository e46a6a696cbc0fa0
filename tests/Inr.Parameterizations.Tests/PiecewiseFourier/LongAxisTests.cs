using Inr.Parameterizations.PiecewiseFourier;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>Axes too long for tables of cosines: the fast transform against its definition, and a sound of some seconds.</summary>
public sealed class LongAxisTests
{
    [Theory]
    [InlineData(128, 1)]
    [InlineData(131, 1)]
    [InlineData(200, 7)]
    public void FastCosineTransform_IsTheSumOfItsDefinition(int side, int inner)
    {
        const int Outer = 2;
        var random = new Random(1);
        double[] values = [.. Enumerable.Range(0, Outer * side * inner).Select(_ => random.NextDouble() - 0.5)];

        double[] result = FastCosineTransform.Apply(values, side, inner);

        for (int o = 0; o < Outer; o++)
        {
            for (int j = 0; j < inner; j++)
            {
                for (int u = 0; u < side; u++)
                {
                    double sum = 0;
                    for (int i = 0; i < side; i++)
                        sum += values[(((o * side) + i) * inner) + j] * Math.Cos(Math.PI * u * (i + 0.5) / side);
                    result[(((o * side) + u) * inner) + j].Should().BeApproximately(sum * Math.Sqrt((u == 0 ? 1.0 : 2.0) / side), 1e-12);
                }
            }
        }
    }

    [Fact]
    public void GlobalCosine_OfALongSound_FindsItsOnlyTones()
    {
        // A table of cosines of this axis would have 9·10¹⁰ numbers.
        const int Samples = 300_007;
        using var scope = NewDisposeScope();
        var place = (arange(Samples, dtype: float64) + 0.5) * (Math.PI / Samples);
        var wave = ((0.5 * (place * 40).cos()) + (0.25 * (place * 1_203).cos())).to(float32).unsqueeze(1);
        using var sound = Signal.FromGrid(wave, [Samples]);
        using var fitter = new BlockCosineFitter(new BlockCosineOptions { Global = true, FloatBudget = 1_500 });

        using var fit = fitter.Fit(sound);
        using var rendered = fit.Representation.Render(Samples);

        Close.ShouldBeClose(rendered.Values, wave, 1e-3);
    }
}
