using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="FourierFeatureMlpOptions"/>.</summary>
internal sealed class FourierFeatureMlpOptionsValidator : IValidateOptions<FourierFeatureMlpOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FourierFeatureMlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(FourierFeatureMlpOptions))
            .InRange(options.Width, 1, 8192)
            .InRange(options.Depth, 1, 64)
            .InRange(options.Frequencies, 1, 8192)
            .InRange(options.Sigma, 1e-6, 1e6)
            .InRange(options.OutputOffset, -1e6, 1e6)
            .ToResult();
    }
}
