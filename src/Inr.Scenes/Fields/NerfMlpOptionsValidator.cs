using Inr.Meta;
using Inr.Parameterizations;
using Microsoft.Extensions.Options;

namespace Inr.Scenes;

/// <summary>Validates <see cref="NerfMlpOptions"/>.</summary>
internal sealed class NerfMlpOptionsValidator : IValidateOptions<NerfMlpOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, NerfMlpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(NerfMlpOptions))
            .InRange(options.Width, 1, 8192)
            .InRange(options.Depth, 1, 64)
            .InRange(options.EncodingSize, 2, 4096)
            .Require(options.EncodingSize % 2 == 0, nameof(options.EncodingSize), options.EncodingSize, "must be even: a cosine and a sine of each frequency")
            .InRange(options.DirectionEncodingSize, 0, 64)
            .Require(options.DirectionEncodingSize % 2 == 0, nameof(options.DirectionEncodingSize), options.DirectionEncodingSize, "must be even: a cosine and a sine of each frequency")
            .InRange(options.MaskResolution == 0 ? 2 : options.MaskResolution, 2, 256, nameof(options.MaskResolution))
            .Require(options.Space is { IsValid: true }, nameof(options.Space), options.Space, "must have finite numbers, a scale and a half width above 0, and 0 ≤ near < far, within a million units of the field")
            .ToResult();
    }
}
