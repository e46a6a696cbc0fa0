using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="CosineOptions"/>.</summary>
internal sealed class CosineOptionsValidator : IValidateOptions<CosineOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CosineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(CosineOptions)).InRange(options.Frequencies, 1, CosineTarget.MostFrequencies).ToResult();
    }
}
