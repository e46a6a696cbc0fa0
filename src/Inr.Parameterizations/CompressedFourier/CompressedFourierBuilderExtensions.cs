using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses coded cosines.</summary>
public static class CompressedFourierBuilderExtensions
{
    /// <summary>Uses a <see cref="CompressedFourierTarget"/>: a signal in few bytes, by a quality, a size or a PSNR.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Changes the options; quality 50 by default.</param>
    /// <remarks><see cref="InrBuilder.Build"/> refuses <see cref="InrBuilder.FitWith"/> and a GPU: there are no steps, and the work runs on the CPU.</remarks>
    public static InrBuilder UseCompressedFourier(this InrBuilder builder, Func<CompressedFourierOptions, CompressedFourierOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new CompressedFourierOptionsValidator());
        return builder.UseFitter(b =>
        {
            b.RequireClosedForm("A code of cosines");
            return new CompressedFourierFitter(options, b.InputDimension, b.OutputDimension);
        });
    }
}
