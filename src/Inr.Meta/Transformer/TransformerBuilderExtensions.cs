using Inr.Meta;

namespace Inr;

/// <summary>Chooses the transformer as meta-learner.</summary>
public static class TransformerBuilderExtensions
{
    /// <summary>Learns with a <see cref="TransformerMetaLearner"/>: θ of a new signal in one forward pass.</summary>
    /// <param name="builder">Has the target function. With an image size, signals are cut into patches; without one they are sets of samples.</param>
    /// <param name="change">Changes the shape, as <c>o => o with { … }</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public static MetaLearnerBuilder UseTransformer(this InrBuilder builder, Func<TransformerOptions, TransformerOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new TransformerOptionsValidator());
        return new MetaLearnerBuilder(builder, b => new TransformerMetaLearner(b.BuildTarget(), b.Size, options, b.Device.Resolve(), b.Seed));
    }
}
