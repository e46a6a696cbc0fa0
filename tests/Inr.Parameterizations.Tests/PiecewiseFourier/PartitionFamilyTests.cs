using Microsoft.Extensions.Options;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>The tree behind the interface of all families, and fits on the others.</summary>
public sealed class PartitionFamilyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tree_LocatesLikeItsTarget(bool curved)
    {
        using var result = Tree(curved);
        using var scope = NewDisposeScope();
        var target = (PiecewiseFourierTarget)result.Representation.Target;
        var theta = result.Representation.Parameters;
        IPartitionFamily family = target.PartitionOf(theta);
        var points = Points(2000);
        long[] expected = target.LocateRegions(theta, points).data<long>().ToArray();
        long[] located = family.LocateRegions(Indicators(family), points.unsqueeze(0)).reshape(-1).data<long>().ToArray();
        located.Should().OnlyContain(r => r >= 0 && r < family.RegionCount);
        // One name for one name.
        expected.Zip(located).Distinct().Count().Should().Be(expected.Distinct().Count()).And.Be(located.Distinct().Count());
        expected.Distinct().Count().Should().BeGreaterThan(10);
    }

    [Fact]
    public void Tree_CountsEveryNumberThatIsNoTermOrCoefficient()
    {
        using var result = Tree(true);
        var layout = result.Representation.Target.Layout;
        IPartitionFamily family = ((PiecewiseFourierTarget)result.Representation.Target).PartitionOf(result.Representation.Parameters);
        family.FloatCount.Should().Be(layout["nodes"].Count + layout["cuts"].Count + layout["curvatures"].Count);
        ((IPartitionFamily)new PowerDiagramPartition(2, 7)).FloatCount.Should().Be(7 * 3);
        ((IPartitionFamily)new LevelSetPartition(2, 3, 9)).FloatCount.Should().Be(3 * 9);
    }

    [Fact]
    public void Tree_SoftForm_AddsUpToOne_HardensAndHasGradients()
    {
        using var result = Tree(true);
        using var scope = NewDisposeScope();
        var family = ((PiecewiseFourierTarget)result.Representation.Target).PartitionOf(result.Representation.Parameters);
        var points = Points(1500).to(float64).unsqueeze(0);
        Tensor[] indicators = [.. Indicators(family).Select(t => t.to(float64).requires_grad_())];
        var hard = family.Locate(indicators, points, 0).Weights;
        var soft = family.Locate(indicators, points, 0.5).Weights;
        (soft.sum(-1) - 1).abs().max().item<double>().Should().BeLessThan(1e-12);
        var sharp = family.Locate(indicators, points, 1e-3).Weights;
        ((sharp - hard).abs().amax([-1L]) > 0.05).to(float64).mean().item<double>().Should().BeLessThan(0.01);

        var direction = (points * 3).sin().sum(-1);
        Tensor Value() => (family.Locate(indicators, points, 0.5).Weights.select(-1, 1) * direction).sum();
        Value().backward();
        foreach (var leaf in indicators)
        {
            using var gradient = leaf.grad!.reshape(-1).clone();
            using var none = no_grad();
            using var flat = leaf.detach().reshape(-1);
            for (long i = 0; i < Math.Min(6, flat.numel()); i++)
            {
                const double Step = 1e-6;
                double x = flat[i].item<double>();
                flat[i] = x + Step;
                double up = Value().item<double>();
                flat[i] = x - Step;
                double down = Value().item<double>();
                flat[i] = x;
                gradient[i].item<double>().Should().BeApproximately((up - down) / (2 * Step), 1e-4 * (1 + Math.Abs((up - down) / (2 * Step))));
            }
        }
    }

    [Fact]
    public void Tree_CarriesTheDifferentiableForm()
    {
        // Any family does: here the tree of a fit, with coefficients solved anew.
        using var image = PiecewiseFourierFitterTests.Cartoon(32, 40);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 300 });
        using var scope = NewDisposeScope();
        var family = ((PiecewiseFourierTarget)result.Representation.Target).PartitionOf(result.Representation.Parameters);
        var target = new CellFourierTarget(3, family, new CellFourierOptions { Terms = 3, IndicatorWidth = 0 });
        var solved = target.SolveLinear(target.Initialize(new Generator(1)), image.Coordinates, image.Values, ridge: 1e-8);
        double error = (target.Evaluate(solved, image.Coordinates) - image.Values).square().mean().item<float>();
        (-10 * Math.Log10(error)).Should().BeGreaterThan(30);
    }

    [Theory]
    [InlineData(PartitionKind.PowerDiagram)]
    [InlineData(PartitionKind.LevelSet)]
    [InlineData(PartitionKind.CutGrid)]
    public void Fit_OfEveryFamily_ReportsTheErrorOfWhatItStores(PartitionKind kind)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(45, 52);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 600, Partition = kind });
        var representation = result.Representation;
        representation.FloatCount.Should().BeInRange(560, 600);
        representation.Parameters.Tensors.Sum(t => t.numel()).Should().Be(representation.FloatCount);
        using var file = new MemoryStream();
        representation.Save(file);
        file.Position = 0;
        using var loaded = ImplicitRepresentation.Load(file);
        using var scope = NewDisposeScope();
        using var direct = representation.Render();
        using var rendered = loaded.Render();
        PiecewiseFourierFitterTests.Close(direct.Values, rendered.Values, 0);
        double error = (rendered.Values - image.Values).to(float64).square().mean().item<double>();
        error.Should().BeApproximately(result.Loss, (1e-3 * result.Loss) + 1e-10);
        PiecewiseFourierFitterTests.Close(representation.Target.Evaluate(representation.Parameters.AsLeaves(), image.Coordinates), rendered.Values, 2e-5);
        result.Psnr.Should().BeGreaterThan(20);
    }

    [Fact]
    public void Fit_PowerDiagram_FindsPlantedCells()
    {
        double[][] centres = [[-0.6, -0.5], [-0.5, 0.55], [0.1, 0], [0.65, -0.6], [0.6, 0.5]];
        double[] values = [0.1, 0.9, 0.45, 0.75, 0.25];
        using var image = Grey(48, (y, x) => (float)values[Array.IndexOf(centres, centres.MinBy(c => ((y - c[0]) * (y - c[0])) + ((x - c[1]) * (x - c[1])))!)]);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 120, Partition = PartitionKind.PowerDiagram, Cells = 16 });
        // Constants on the cells alone leave nothing but misplaced border samples; one constant for all would leave 11 dB.
        result.Psnr.Should().BeGreaterThan(22);
    }

    [Fact]
    public void Fit_LevelSets_FindAPlantedContour()
    {
        // The zero set of three cosines, one of the functions that the family holds.
        using var image = Grey(48, (y, x) => Math.Cos(Math.PI * (y + 1) / 2) + (0.8 * Math.Cos(Math.PI * (x + 1))) + 0.2 >= 0 ? 0.9f : 0.2f);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 40, Partition = PartitionKind.LevelSet, Cells = 1, LevelTerms = 8 });
        result.Psnr.Should().BeGreaterThan(20);
        result.Representation.Parameters["levels"].shape.Should().Equal(1, 8);
    }

    [Fact]
    public void Fit_CutGrid_FindsPlantedCuts()
    {
        using var image = Grey(32, (y, x) => (x < 0 ? (0.8 * y) + (0.6 * x) > -0.2 : y - (0.3 * x) > 0.1) ? 0.9f : 0.2f);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 60, Partition = PartitionKind.CutGrid, Cells = 2 });
        result.Psnr.Should().BeGreaterThan(18);
    }

    [Fact]
    public void Fit_OtherDimensions_Work()
    {
        var values = new float[12 * 10 * 8];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i / 80) + (i % 8) > 11 ? 0.8f : 0.1f;
        using var volume = Signal.FromGrid(values, [12, 10, 8], 1);
        using var line = Signal.FromGrid(values, [values.Length], 1);
        foreach (var kind in (PartitionKind[])[PartitionKind.PowerDiagram, PartitionKind.LevelSet, PartitionKind.CutGrid])
        {
            foreach (var signal in (Signal[])[volume, line])
            {
                using var result = PiecewiseFourierFitterTests.Fit(signal, o => o with { FloatBudget = 250, Partition = kind, Cells = kind == PartitionKind.PowerDiagram ? 20 : 2 });
                using var rendered = result.Representation.Render();
                using var scope = NewDisposeScope();
                (rendered.Values - signal.Values).to(float64).square().mean().item<double>().Should().BeApproximately(result.Loss, (1e-3 * result.Loss) + 1e-10);
            }
        }
    }

    [Theory]
    [InlineData("profiles", 0, 99)]
    [InlineData("prefixes", 1, 0.5)]
    [InlineData("prefixes", 0, 1e6)]
    public void Evaluate_BrokenNumbers_AreRefused(string name, int index, double value)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(32, 32);
        using var result = PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 200, Partition = PartitionKind.PowerDiagram, Cells = 9 });
        using var scope = NewDisposeScope();
        var theta = result.Representation.Parameters.Clone();
        theta[name][index] = value;
        ((Action)(() => result.Representation.Target.Evaluate(theta, Points(5)))).Should().Throw<InrException>();
    }

    [Fact]
    public void Families_WhereTheyCannotBe_AreRefused()
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(16, 16);
        var (context, query) = image.Split(0.5);
        using (context)
        using (query)
            ((Action)(() => PiecewiseFourierFitterTests.Fit(context, o => o with { FloatBudget = 200, Partition = PartitionKind.PowerDiagram }))).Should().Throw<ArgumentException>().WithMessage("*full grid*");
        ((Action)(() => PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 60, Partition = PartitionKind.PowerDiagram, Cells = 100 }))).Should().Throw<ArgumentException>().WithMessage("*smallest workable budget*");
        ((Action)(() => _ = new CellFourierTarget(2, 1, new CellFourierOptions { Partition = PartitionKind.DyadicTree }))).Should().Throw<OptionsValidationException>().WithMessage("*PartitionOf*");
    }

    private static FitResult Tree(bool curved)
    {
        using var image = PiecewiseFourierFitterTests.Cartoon(32, 40);
        return PiecewiseFourierFitterTests.Fit(image, o => o with { FloatBudget = 400, CurvedCuts = curved });
    }

    private static Tensor[] Indicators(IPartitionFamily family) => [.. family.Initialize(new Generator(0)).Select(t => t.unsqueeze(0))];

    private static Tensor Points(long count)
    {
        using var generator = new Generator(7);
        return (rand(count, 2, generator: generator) * 1.98) - 0.99;
    }

    private static Signal Grey(int side, Func<double, double, float> value)
    {
        var values = new float[side * side];
        for (int i = 0; i < values.Length; i++)
            values[i] = value((((2 * (i / side)) + 1.0) / side) - 1, (((2 * (i % side)) + 1.0) / side) - 1);
        return Signal.FromGrid(values, [side, side], 1);
    }
}
