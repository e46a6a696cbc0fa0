using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Mlp;

/// <summary>The closed form against the normal equations that define it, and its derivatives against finite differences.</summary>
public sealed class LastLayerTests
{
    private const double Offset = 0.5;

    [Theory]
    [InlineData(ScalarType.Float64, 1e-2, 1e-10)]
    [InlineData(ScalarType.Float64, 1e-6, 1e-7)]
    [InlineData(ScalarType.Float32, 1e-2, 2e-5)]
    [InlineData(ScalarType.Float32, 1e-4, 2e-4)]
    [InlineData(ScalarType.Float32, 1e-5, 2e-3)]
    public void Solve_OfReluFeatures_FulfilsNormalEquations(ScalarType type, double ridge, double tolerance)
    {
        using var scope = NewDisposeScope();
        // Wide, all positive and dependent, as the features of a ReLU perceptron are; samples that do not fill the last piece.
        var mlp = new ReluMlp(2, 3, new ReluMlpOptions { Depth = 3, Width = 64, EncodingSize = 8, MaxFrequency = 4 });
        var points = CoordinateGrid.Create([37, 41], dtype: ScalarType.Float64);
        var h = mlp.Features(mlp.Initialize(new Generator(1)).To(float64), points).to(type);
        var y = (points.select(-1, 0) * 5).sin().unsqueeze(-1) * tensor(new double[] { 1, 0.5, -2 });
        var (weight, bias) = LastLayerSolver.Solve(h, y.to(type), Offset, ridge, null);
        weight.dtype.Should().Be(type);
        var expected = Definition(h.to(float64), y, ridge, ones(h.shape[0], float64));
        Close.RelativeError(cat([weight, bias.unsqueeze(1)], 1).to(float64), expected).Should().BeLessThan(tolerance);
    }

    [Fact]
    public void Solve_OfBatchWithMask_FulfilsNormalEquationsOfEach()
    {
        using var scope = NewDisposeScope();
        var (h, y, mask) = Problem(batch: 2);
        var (weight, bias) = LastLayerSolver.Solve(h, y, Offset, 1e-2, mask);
        for (int i = 0; i < 2; i++)
            Close.ShouldBeClose(cat([weight[i], bias[i].unsqueeze(1)], 1), Definition(h[i], y[i], 1e-2, mask[i]), 1e-10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Solve_FirstDerivative_IsThatOfFiniteDifferences(int input)
    {
        using var scope = NewDisposeScope();
        Tensor[] at = [.. Inputs()];
        Tensor Loss(Tensor x) => Value(at.Select((t, i) => i == input ? x : t), derivatives: 1);
        using var leaf = at[input].clone().requires_grad_();
        var gradient = autograd.grad([Loss(leaf)], [leaf])[0];
        FiniteDifferences.RelativeError(x => Loss(x).item<double>(), at[input], gradient).Should().BeLessThan(1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Solve_SecondDerivative_IsThatOfFiniteDifferences(int input)
    {
        using var scope = NewDisposeScope();
        Tensor[] at = [.. Inputs()];
        using var generator = new Generator(7);
        var direction = randn_like(at[input]);

        // The slope along a direction, whose gradient is a row of second derivatives.
        Tensor Slope(Tensor x)
        {
            var gradient = autograd.grad([Value(at.Select((t, i) => i == input ? x : t), derivatives: 2)], [x], retain_graph: true, create_graph: true)[0];
            return (gradient * direction).sum();
        }

        using var leaf = at[input].clone().requires_grad_();
        var second = autograd.grad([Slope(leaf)], [leaf])[0];
        FiniteDifferences.RelativeError(x => Slope(x.detach().requires_grad_()).item<double>(), at[input], second).Should().BeLessThan(1e-5);
    }

    // Where the penalty rules, X is R/λt, which float32 holds down to 1e-45.
    [Theory]
    [InlineData(ScalarType.Float64, 1e3)]
    [InlineData(ScalarType.Float64, 1e30)]
    [InlineData(ScalarType.Float32, 1e5)]
    [InlineData(ScalarType.Float32, 1e7)]
    [InlineData(ScalarType.Float32, 1e30)]
    public void Solve_HugeRidge_FulfilsNormalEquations(ScalarType type, double ridge)
    {
        using var scope = NewDisposeScope();
        var (h, y, mask) = Problem(batch: 1);
        var (weight, bias) = LastLayerSolver.Solve(h.to(type), y.to(type), Offset, ridge, mask.to(type));
        weight.dtype.Should().Be(type);
        Close.ShouldBeClose(cat([weight[0], bias[0].unsqueeze(1)], 1), Definition(h[0], y[0], ridge, mask[0]), type == ScalarType.Float64 ? 1e-10 : 1e-5);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void SolveLinear_LargestRidge_IsTheOffsetAndDifferentiable(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var mlp = new ReluMlp(2, 3, new ReluMlpOptions { Depth = 3, Width = 16, EncodingSize = 8, MaxFrequency = 4, OutputOffset = Offset });
        var theta = mlp.Initialize(new Generator(1)).To(type).AsLeaves();
        var points = CoordinateGrid.Create([7, 8], dtype: type);
        var solved = mlp.SolveLinear(theta, points, points.narrow(1, 0, 1).expand(-1, 3), double.MaxValue);
        var values = mlp.Evaluate(solved, points);
        Close.ShouldBeClose(values, full_like(values, Offset), 1e-6);
        autograd.grad([values.sum()], [theta["0.weight"]])[0].isfinite().all().item<bool>().Should().BeTrue();

        var cells = new CellFourierTarget(2, 3, new CellFourierOptions { Cells = 2, Terms = 3 });
        var empty = cells.SolveLinear(cells.Initialize(new Generator(1)).To(type), points, points.narrow(1, 0, 1).expand(-1, 3), double.MaxValue);
        empty["coefficients"].abs().max().to(float64).item<double>().Should().BeLessThan(1e-6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Solve_RidgeThatIsNoWeight_IsRefused(double ridge)
    {
        using var scope = NewDisposeScope();
        var (h, y, _) = Problem(batch: 1);
        ((Action)(() => LastLayerSolver.Solve(h, y, ridge: ridge))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*finite number of at least 0*");
    }

    [Fact]
    public void Solve_ShapesThatDoNotFit_AreRefused()
    {
        using var scope = NewDisposeScope();
        var (h, y, mask) = Problem(batch: 2);
        ((Action)(() => LastLayerSolver.Solve(h, y.narrow(1, 0, 8)))).Should().Throw<ArgumentException>().WithMessage("*[2,9,4] and [2,8,2]*");
        ((Action)(() => LastLayerSolver.Solve(h, y.narrow(0, 0, 1)))).Should().Throw<ArgumentException>().WithMessage("*[2,9,4] and [1,9,2]*");
        ((Action)(() => LastLayerSolver.Solve(h, y, mask: mask.narrow(1, 0, 8)))).Should().Throw<ArgumentException>().WithMessage("*mask*[2,8]*");
        ((Action)(() => LastLayerSolver.Solve(h, y, mask: ones(3, 9, float64)))).Should().Throw<ArgumentException>().WithMessage("*mask*[3,9]*");
        ((Action)(() => LastLayerSolver.Solve(h.narrow(1, 0, 0), y.narrow(1, 0, 0)))).Should().Throw<ArgumentException>().WithMessage("*no sample*");
    }

    [Fact]
    public void SolveLastLayer_BehindASigmoid_IsRefused()
    {
        using var scope = NewDisposeScope();
        var target = new FourierFeatureMlp(2, 1, new FourierFeatureMlpOptions { Width = 4, Depth = 2, Frequencies = 3, SigmoidOutput = true });
        var theta = target.Initialize();
        var points = CoordinateGrid.Create([3, 3]);
        target.LinearParameters.Should().BeEmpty();
        ((Action)(() => target.SolveLinear(theta, points, ones(9, 1)))).Should().Throw<InvalidOperationException>().WithMessage("*sigmoid*");
        ((Action)(() => _ = new LastLayer("w", "b", offset: 0.5, OutputMap.Sigmoid))).Should().Throw<ArgumentException>().WithMessage("*sigmoid*");
    }

    // The layer of θ that have a batch axis is one of each, whatever the features are.
    [Fact]
    public void SolveLinear_BatchOfFunctionsWithSharedFeatures_SolvesEach()
    {
        using var scope = NewDisposeScope();
        var target = new DensePerceptron(new PerceptronDescription(2, 1) { HiddenWidths = [] });
        var theta = ParameterSet.Stack([target.Initialize(new Generator(1)), target.Initialize(new Generator(2))]);
        var points = CoordinateGrid.Create([4, 4]);
        var solved = target.SolveLinear(theta, points, points.narrow(1, 0, 1), ridge: 0);
        solved.BatchSize.Should().Be(2);
        Close.ShouldBeClose(solved["0.weight"][1], tensor(new[,] { { 1f, 0f } }), 1e-5);
    }

    private static Tensor[] Inputs()
    {
        var (h, y, mask) = Problem(batch: 1);
        return [h, y, mask];
    }

    // A loss that is not at its least where the solve is, so that every part of the derivative counts.
    private static Tensor Value(IEnumerable<Tensor> inputs, int derivatives)
    {
        Tensor[] t = [.. inputs];
        var (weight, bias) = LastLayerSolver.Solve(t[0], t[1], Offset, 1e-2, t[2], derivatives);
        return (bmm(t[0], weight.transpose(1, 2)) + bias.unsqueeze(1)).pow(3).sum() + weight.sin().sum();
    }

    private static (Tensor Features, Tensor Values, Tensor Mask) Problem(long batch)
    {
        using var generator = new Generator(3);
        return (
            randn([batch, 9, 4], float64, generator: generator),
            randn([batch, 9, 2], float64, generator: generator),
            rand([batch, 9], float64, generator: generator) + 0.2);
    }

    // [W, b] of (ĥᵀMĥ + λ·t·I)·[W, b]ᵀ = ĥᵀM(y − offset).
    private static Tensor Definition(Tensor h, Tensor y, double ridge, Tensor mask)
    {
        var extended = cat([h, ones([h.shape[0], 1], float64)], 1);
        var weighted = (extended * mask.unsqueeze(1)).t();
        var a = weighted.mm(extended);
        a = a + eye(a.shape[0], dtype: float64) * (ridge * a.diagonal().mean());
        return linalg.solve(a, weighted.mm(y - Offset)).t();
    }
}
