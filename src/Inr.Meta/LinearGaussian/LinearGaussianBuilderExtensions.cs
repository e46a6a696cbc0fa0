using Inr.Meta;

namespace Inr;

/// <summary>Chooses the linear-Gaussian meta-learner.</summary>
public static class LinearGaussianBuilderExtensions
{
    /// <summary>Uses a <see cref="LinearGaussianLearner"/>: mean and principal components of the linear part of θ, in closed form.</summary>
    /// <param name="builder">The builder, with a target chosen that is linear in some of its parameters, such as <c>UseCosine()</c>.</param>
    /// <param name="change">Changes the options, as <c>o => o with { Components = 1024 }</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public static MetaLearnerBuilder UseLinearGaussian(this InrBuilder builder, Func<LinearGaussianOptions, LinearGaussianOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.CreateOptions(change, new LinearGaussianOptionsValidator());
        return new MetaLearnerBuilder(builder, b => new LinearGaussianLearner(b.BuildTarget(), options with { Seed = b.Seed }, device: b.Device.Resolve()));
    }
}
