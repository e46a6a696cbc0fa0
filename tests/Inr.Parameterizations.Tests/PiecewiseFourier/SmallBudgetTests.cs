namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>Budgets of a few numbers on signals whose best tree jumps: a thin line, noise, odd sizes.</summary>
public sealed class SmallBudgetTests
{
    public static TheoryData<string> Pictures => ["line", "checkerboard", "noise", "odd"];

    [Theory, MemberData(nameof(Pictures))]
    public void Fit_AnySmallBudget_IsNeverExceeded(string name)
    {
        using var picture = Draw(name);
        foreach (int budget in (int[])[12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 300, 500])
        {
            using var fitter = new PiecewiseFourierFitter(new PiecewiseFourierOptions { FloatBudget = budget });
            using var result = fitter.Fit(picture);
            result.Representation.FloatCount.Should().BeLessThanOrEqualTo(budget);
        }
    }

    private static Signal Draw(string name)
    {
        var (height, width) = name == "odd" ? (33, 29) : (64, 64);
        var values = new float[height * width];
        var random = new Random(3);
        for (int i = 0; i < values.Length; i++)
        {
            int y = i / width, x = i % width;
            values[i] = name switch
            {
                "line" => x == (y * 3 / 7) + 10 ? 1 : 0,
                "checkerboard" => (x + y) % 2,
                _ => random.NextSingle(),
            };
        }

        return Signal.FromGrid(values, [height, width], 1, name);
    }
}
