using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="PerceptronDescription"/>.</summary>
internal sealed class PerceptronDescriptionValidator : IValidateOptions<PerceptronDescription>
{
    private const int MostLayers = 65;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PerceptronDescription options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(PerceptronDescription))
            .Require(options.Encoding is not null, nameof(options.Encoding), options.Encoding, "must be set")
            .Require(options.Hidden is not null, nameof(options.Hidden), options.Hidden, "must be set")
            .InRange(options.HiddenWidths.Count, 0, MostLayers, nameof(options.HiddenWidths) + ".Count")
            .InRange(options.First?.Omega ?? 1, 1e-6, 1e6, "First.Omega")
            .InRange(options.Hidden?.Omega ?? 1, 1e-6, 1e6, "Hidden.Omega")
            .InRange(options.OutputOffset, -1e6, 1e6)
            .Defined(options.Output);
        foreach (int width in options.HiddenWidths.Distinct())
            rules.InRange(width, 1, 8192, nameof(options.HiddenWidths));
        return rules.ToResult();
    }
}
