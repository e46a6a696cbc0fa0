using Inr.Meta;
using Inr.Parameterizations;
using Microsoft.Extensions.Options;

namespace Inr.Scenes;

/// <summary>Validates <see cref="ViewSynthesisOptions"/>.</summary>
internal sealed class ViewSynthesisOptionsValidator : IValidateOptions<ViewSynthesisOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ViewSynthesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new OptionsRules(nameof(ViewSynthesisOptions))
            .InRange(options.SupportViews, 1, 1024)
            .InRange(options.RaysPerScene, 2, 1_000_000)
            .AtLeast(options.ForegroundSteps, 0)
            .ToResult();
        return result.Failed ? result : new VolumeRendererOptionsValidator().Validate(name, options.Renderer);
    }
}
