namespace Inr.Examples;

/// <summary>Makes the target available as <c>InrBuilder.ForImages().UsePolynomial()</c>.</summary>
public static class PolynomialBuilderExtensions
{
    public static InrBuilder UsePolynomial(this InrBuilder builder, int degree = 6) =>
        builder.UseTarget(b => new PolynomialTarget(b.InputDimension, b.OutputDimension, degree));
}
