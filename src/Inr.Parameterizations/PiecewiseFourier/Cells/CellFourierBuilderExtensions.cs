using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses the piecewise Fourier expansion with a fixed layout.</summary>
public static class CellFourierBuilderExtensions
{
    /// <summary>Uses a <see cref="CellFourierTarget"/>: the form that meta-learners generate and gradients pass through.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Changes the options; 8 × 8 cut cells of 10 cosines by default.</param>
    public static InrBuilder UseCellFourier(this InrBuilder builder, Func<CellFourierOptions, CellFourierOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new CellFourierOptionsValidator());
        return builder.UseTarget(b => new CellFourierTarget(b.InputDimension, b.OutputDimension, options));
    }
}
