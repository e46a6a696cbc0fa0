using Inr.Parameterizations;

namespace Inr;

/// <summary>Chooses one of the null models.</summary>
public static class BlockCosineBuilderExtensions
{
    /// <summary>Uses a <see cref="BlockCosineTarget"/>: fixed blocks, fitted in closed form under a budget of numbers.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Changes the options; 60,000 floats by default.</param>
    /// <remarks><see cref="InrBuilder.Build"/> refuses <see cref="InrBuilder.FitWith"/> and a GPU: there are no steps, and the work runs on the CPU.</remarks>
    public static InrBuilder UseBlockCosine(this InrBuilder builder, Func<BlockCosineOptions, BlockCosineOptions>? change = null) => Use(builder, change, global: false);

    /// <summary>Uses one cosine expansion over the whole domain, fitted in closed form under a budget of numbers.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Changes the options; 60,000 floats by default.</param>
    /// <remarks><see cref="InrBuilder.Build"/> refuses <see cref="InrBuilder.FitWith"/> and a GPU: there are no steps, and the work runs on the CPU.</remarks>
    public static InrBuilder UseGlobalCosine(this InrBuilder builder, Func<BlockCosineOptions, BlockCosineOptions>? change = null) => Use(builder, change, global: true);

    private static InrBuilder Use(InrBuilder builder, Func<BlockCosineOptions, BlockCosineOptions>? change, bool global)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new BlockCosineOptionsValidator(), () => new BlockCosineOptions { Global = global });
        return builder.UseFitter(b =>
        {
            b.RequireClosedForm(global ? "A global cosine expansion" : "A block-cosine expansion");
            return new BlockCosineFitter(options, b.InputDimension, b.OutputDimension);
        });
    }
}
