using System.Text.Json.Nodes;

namespace Inr.Examples;

/// <summary>f(x) = Σ_k c_k · Π_i x_i^{a_k,i} over all exponents of a total degree of at most D: one polynomial on the whole domain.</summary>
public sealed class PolynomialTarget : ITrainableTarget
{
    private const string Kind = "polynomial";

    private readonly int _degree;
    private readonly int[][] _exponents;

    public PolynomialTarget(int inputDimension, int outputDimension, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        InputDimension = inputDimension;
        OutputDimension = outputDimension;
        _degree = degree;
        _exponents = [.. Exponents(inputDimension, degree)];
        Layout = new ParameterLayout([new ParameterSpec("coefficients", [_exponents.Length, outputDimension], ParameterRole.Coefficient)]);
    }

    public int InputDimension { get; }

    public int OutputDimension { get; }

    public ParameterLayout Layout { get; }

    public TargetDescription Description => new(Kind, new JsonObject
    {
        ["inputs"] = InputDimension,
        ["outputs"] = OutputDimension,
        ["degree"] = _degree,
    });

    // Called once at start-up, so that .inr files can name the kind.
    public static void Register() => TargetRegistry.Register(Kind, o =>
        new PolynomialTarget(o["inputs"]!.GetValue<int>(), o["outputs"]!.GetValue<int>(), o["degree"]!.GetValue<int>()));

    public ParameterSet Initialize(Generator? generator = null, Device? device = null) =>
        InitialParameters.Draw(Layout, generator, device, g => [randn([.. Layout[0].Shape], dtype: float32, device: CPU, generator: g) * 0.1]);

    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        // One column per monomial: [N,K] or [B,N,K].
        var monomials = stack([.. _exponents.Select(a => Monomial(coordinates, a))], -1);
        var coefficients = parameters["coefficients"];
        var values = coefficients.dim() == 2 ? einsum("...nk,kc->...nc", monomials, coefficients)
            : monomials.dim() == 2 ? einsum("nk,bkc->bnc", monomials, coefficients)
            : bmm(monomials, coefficients);
        return values.MoveToOuterDisposeScope();
    }

    private static Tensor Monomial(Tensor coordinates, int[] exponents)
    {
        var product = ones_like(coordinates.select(-1, 0));
        for (int i = 0; i < exponents.Length; i++)
            product = product * coordinates.select(-1, i).pow(exponents[i]);
        return product;
    }

    private static IEnumerable<int[]> Exponents(int axes, int degree)
    {
        if (axes == 0)
            return [[]];
        return Enumerable.Range(0, degree + 1).SelectMany(first => Exponents(axes - 1, degree - first).Select(rest => (int[])[first, .. rest]));
    }
}
