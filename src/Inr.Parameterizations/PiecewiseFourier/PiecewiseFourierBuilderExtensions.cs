using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses the piecewise-indicator Fourier expansion.</summary>
public static class PiecewiseFourierBuilderExtensions
{
    /// <summary>Uses a <see cref="PiecewiseFourierTarget"/>, fitted in closed form under a budget of numbers.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Changes the options; 60,000 floats by default.</param>
    /// <remarks><see cref="InrBuilder.Build"/> refuses <see cref="InrBuilder.FitWith"/> and a GPU: there are no steps, and the work runs on the CPU.</remarks>
    public static InrBuilder UsePiecewiseFourier(this InrBuilder builder, Func<PiecewiseFourierOptions, PiecewiseFourierOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new PiecewiseFourierOptionsValidator());
        return builder.UseFitter(b =>
        {
            b.RequireClosedForm("A piecewise Fourier expansion");
            return new PiecewiseFourierFitter(options, b.InputDimension, b.OutputDimension);
        });
    }
}
