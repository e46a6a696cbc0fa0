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
