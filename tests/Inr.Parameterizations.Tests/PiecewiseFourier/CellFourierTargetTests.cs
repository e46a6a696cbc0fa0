namespace Inr.Parameterizations.Tests.PiecewiseFourier;

public sealed class CellFourierTargetTests
{
    public static TheoryData<PartitionKind, FourierBasis> Forms => new()
    {
        { PartitionKind.CutGrid, FourierBasis.Cosine },
        { PartitionKind.CutGrid, FourierBasis.Fourier },
        { PartitionKind.CutGrid, FourierBasis.ComplexExponential },
        { PartitionKind.PowerDiagram, FourierBasis.Cosine },
        { PartitionKind.LevelSet, FourierBasis.Cosine },
    };

    [Theory, MemberData(nameof(Forms))]
    public void SolveLinear_FindsPlantedCoefficients(PartitionKind partition, FourierBasis basis)
    {
        using var scope = NewDisposeScope();
        var target = Create(partition, basis);
        var truth = target.Initialize(new Generator(2)).To(float64);
        var points = Points(4000);
        var values = target.Evaluate(truth, points);
        var start = truth.Map((spec, t) => spec.Name == "coefficients" ? zeros_like(t) : t.clone());
        var solved = target.SolveLinear(start, points, values, ridge: 0);
        (target.Evaluate(solved, points) - values).abs().max().item<double>().Should().BeLessThan(1e-6);
    }

    [Fact]
    public void Constructor_MoreThanThreeAxes_IsRefused_WhichAFileMayAskFor() =>
        ((Action)(() => _ = new CellFourierTarget(256, 3, new CellFourierOptions { Partition = PartitionKind.PowerDiagram }))).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Render_ParametersBeyondFloat32_SaysThatTheFunctionIsNotFinite()
    {
        var target = new ReluMlp(2, 1, new ReluMlpOptions { Depth = 2, Width = 4, EncodingSize = 0 });
        using var huge = target.Initialize(new Generator(1)).Map((_, t) => full_like(t, 3e38));
        using var representation = new ImplicitRepresentation(target, huge, SignalDomain.Grid(4, 4));
        ((Action)(() => representation.Render())).Should().Throw<InrException>().WithMessage("*no finite value*too large*");
    }

    [Fact]
    public void FlopsPerSample_CutCells_CountsBothSidesOfOneCut()
    {
        var target = new CellFourierTarget(2, 3, new CellFourierOptions { Cells = 4, Terms = 5 });
        using var theta = target.Initialize();

        // A point lies in one cell, on both sides of its soft cut: 2 products and sums for the side; for each of 2·5 terms one
        // product of two cosines, one by the weight, and a product and a sum in 3 channels.
        target.FlopsPerSample(theta).Should().Be((2 * 2) + (2 * 5 * (1 + 1 + (2 * 3))));
    }

    [Fact]
    public void FileOfOwnFamily_IsRefusedByItsName_InsteadOfReadAsAnother()
    {
        var target = new CellFourierTarget(1, new PowerDiagramPartition(2, 3), new CellFourierOptions { Terms = 4 });
        string path = Path.GetTempFileName();
        using (var theta = target.Initialize(new Generator(1)))
        using (var representation = new ImplicitRepresentation(target, theta, SignalDomain.Grid(4, 4)))
            representation.Save(path);
        ((Action)(() => ImplicitRepresentation.Load(path).Dispose())).Should().Throw<InrFileException>().WithMessage("*PowerDiagramPartition*");
        File.Delete(path);
    }

    [Theory, MemberData(nameof(Forms))]
    public void SolveLinear_IndicatorGradient_MatchesFiniteDifferences(PartitionKind partition, FourierBasis basis)
    {
        using var scope = NewDisposeScope();
        var target = Create(partition, basis);
        var theta = target.Initialize(new Generator(3)).To(float64).AsLeaves();
        var points = Points(600);
        var values = (points * 2.5).sin().sum(1, true);

        Tensor Loss()
        {
            var solved = target.SolveLinear(theta, points, values, ridge: 1e-3);
            return (target.Evaluate(solved, points) - values).square().sum();
        }

        Loss().backward();
        string name = target.Layout[0].Name;
        using var gradient = theta[name].grad!.reshape(-1).clone();
        using var flat = theta[name].detach().reshape(-1);
        for (long i = 0; i < Math.Min(4, flat.numel()); i++)
        {
            const double Step = 1e-6;
            double x = flat[i].item<double>();
            flat[i] = x + Step;
            double up = Loss().item<double>();
            flat[i] = x - Step;
            double down = Loss().item<double>();
            flat[i] = x;
            double expected = (up - down) / (2 * Step);
            gradient[i].item<double>().Should().BeApproximately(expected, 1e-3 * (1e-3 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(PartitionKind.CutGrid)]
    [InlineData(PartitionKind.PowerDiagram)]
    [InlineData(PartitionKind.LevelSet)]
    public void Indicators_AddUpToOne_AndHardenWithTheWidth(PartitionKind partition)
    {
        using var scope = NewDisposeScope();
        IPartitionFamily family = partition switch
        {
            PartitionKind.CutGrid => new CutGridPartition(2, 3),
            PartitionKind.PowerDiagram => new PowerDiagramPartition(2, 7),
            _ => new LevelSetPartition(2, 3, 9),
        };
        var indicators = family.Initialize(new Generator(4)).Select(t => t.unsqueeze(0)).ToArray();
        var points = Points(500).to(float32).unsqueeze(0);
        var hard = family.Locate(indicators, points, 0).Weights;
        foreach (double width in new[] { 0, 0.3, 1e-3 })
        {
            var weights = family.Locate(indicators, points, width).Weights;
            (weights.sum(-1) - 1).abs().max().item<float>().Should().BeLessThan(1e-5f);
            weights.ge(0).all().item<bool>().Should().BeTrue();
            if (width == 1e-3)
                ((weights - hard).abs().amax([-1L]) > 0.05).to(float32).mean().item<float>().Should().BeLessThan(0.03f);
        }
    }

    [Fact]
    public void PowerDiagram_WithEqualWeights_IsTheNearestCentre()
    {
        using var scope = NewDisposeScope();
        var family = new PowerDiagramPartition(2, 9);
        var indicators = family.Initialize(new Generator(5)).Select(t => t.unsqueeze(0)).ToArray();
        var points = Points(300).to(float32).unsqueeze(0);
        var expected = cdist(points, indicators[0]).argmin(-1);
        family.Locate(indicators, points, 0).Weights.argmax(-1).eq(expected).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void SolveLinear_Batch_EqualsOneByOne()
    {
        using var scope = NewDisposeScope();
        var target = Create(PartitionKind.CutGrid, FourierBasis.Cosine);
        var a = target.Initialize(new Generator(6));
        var b = target.Initialize(new Generator(7));
        var points = Points(700).to(float32);
        var values = stack([(points * 3).sin().sum(1, true), (points * 2).cos().sum(1, true)]);
        var both = target.SolveLinear(ParameterSet.Stack([a, b]), points, values);
        var second = target.SolveLinear(b, points, values.select(0, 1));
        PiecewiseFourierFitterTests.Close(both["coefficients"].select(0, 1), second["coefficients"], 1e-4);
    }

    [Fact]
    public void ComplexBasis_IsTheLiteralSum()
    {
        using var scope = NewDisposeScope();
        var target = new CellFourierTarget(2, 1, new CellFourierOptions { Cells = 1, Terms = 6, Basis = FourierBasis.ComplexExponential, IndicatorWidth = 0 });
        var theta = target.Initialize(new Generator(8));
        theta["coefficients"][1] = theta["coefficients"][0];
        var point = tensor(new[] { 0.3f, -0.4f }, [1, 2]);
        var c = theta["coefficients"][0].data<float>().ToArray();
        // The three shortest frequencies of Z_+^2: (0,0), (0,1), (1,0), with x in [0,1]².
        double[] phases = [0, 2 * Math.PI * 0.3, 2 * Math.PI * 0.65];
        double expected = 0;
        for (int j = 0; j < 3; j++)
            expected += (c[2 * j] * Math.Cos(phases[j])) + (c[(2 * j) + 1] * Math.Sin(phases[j]));
        target.Evaluate(theta, point).item<float>().Should().BeApproximately((float)expected, 1e-5f);
    }

    private static CellFourierTarget Create(PartitionKind partition, FourierBasis basis) => new(2, 1, new CellFourierOptions
    {
        Partition = partition,
        Cells = partition == PartitionKind.PowerDiagram ? 4 : 2,
        LevelTerms = 4,
        Terms = 5,
        Basis = basis,
        IndicatorWidth = 0.4,
    });

    private static Tensor Points(long count)
    {
        using var generator = new Generator(9);
        return ((rand(count, 2, generator: generator) * 2) - 1).to(float64);
    }
}
