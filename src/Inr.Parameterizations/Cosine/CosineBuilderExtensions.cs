using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses cosines over the whole domain.</summary>
public static class CosineBuilderExtensions
{
    /// <summary>Uses a <see cref="CosineTarget"/>: a fixed box of frequencies, in whose coefficients the function is linear.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Changes the options; as many frequencies as the images have samples where the builder knows it, else 32.</param>
    public static InrBuilder UseCosine(this InrBuilder builder, Func<CosineOptions, CosineOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new CosineOptionsValidator(), () => new CosineOptions { Frequencies = builder.Size ?? new CosineOptions().Frequencies });
        return builder.UseTarget(b => new CosineTarget(b.OutputDimension, [.. Enumerable.Repeat(options.Frequencies, b.InputDimension)]));
    }
}
