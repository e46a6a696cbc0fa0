using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="ReluMlpOptions"/>.</summary>
internal sealed class ReluMlpOptionsValidator : IValidateOptions<ReluMlpOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ReluMlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(ReluMlpOptions))
            .InRange(options.Width, 1, 8192)
            .InRange(options.LastWidth ?? 1, 1, 8192, nameof(options.LastWidth))
            .InRange(options.Depth, 1, 64)
            .Require(options.LastWidth is null || options.Depth > 1, nameof(options.LastWidth), options.LastWidth ?? 0, "needs a hidden layer: set Depth to 2 or more")
            .InRange(options.EncodingSize, 0, 4096)
            .Require(options.EncodingSize % 2 == 0, nameof(options.EncodingSize), options.EncodingSize, "must be even: a cosine and a sine of each frequency")
            .InRange(options.MaxFrequency, 1, 1e6)
            .InRange(options.OutputOffset, -1e6, 1e6)
            .ToResult();
    }
}
