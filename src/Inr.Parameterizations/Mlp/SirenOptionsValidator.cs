using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="SirenOptions"/>.</summary>
internal sealed class SirenOptionsValidator : IValidateOptions<SirenOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SirenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(SirenOptions))
            .InRange(options.Width, 1, 8192)
            .InRange(options.HiddenLayers, 0, 64)
            .InRange(options.FirstOmega, 1e-6, 1e6)
            .InRange(options.HiddenOmega, 1e-6, 1e6)
            .InRange(options.OutputOffset, -1e6, 1e6)
            .ToResult();
    }
}
