using Inr.Meta;
using Inr.Parameterizations;
using Microsoft.Extensions.Options;

namespace Inr.Scenes;

/// <summary>Validates <see cref="VolumeRendererOptions"/>.</summary>
internal sealed class VolumeRendererOptionsValidator : IValidateOptions<VolumeRendererOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, VolumeRendererOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(VolumeRendererOptions))
            .AtLeast(options.Near, 0.0)
            .Above(options.Far, options.Near)
            .InRange(options.PointsPerRay, 2, 65_536)
            .ToResult();
    }
}
