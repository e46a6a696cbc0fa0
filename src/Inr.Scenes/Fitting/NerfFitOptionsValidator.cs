using Inr.Meta;
using Inr.Parameterizations;
using Microsoft.Extensions.Options;

namespace Inr.Scenes;

/// <summary>Validates <see cref="NerfFitOptions"/>.</summary>
internal sealed class NerfFitOptionsValidator : IValidateOptions<NerfFitOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, NerfFitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(NerfFitOptions))
            .AtLeast(options.Steps, 1)
            .InRange(options.RaysPerStep, 1, 1_000_000)
            .Above(options.LearningRate, 0.0)
            .InRange(options.PointsPerRay ?? 2, 2, 65_536, nameof(options.PointsPerRay))
            .InRange(options.PointsPerStep, 1, 100_000_000)
            .InRange(options.GridResolution, 2, 512)
            .InRange(options.MaskResolution == 0 ? 2 : options.MaskResolution, 2, 256, nameof(options.MaskResolution))
            .AtLeast(options.EmptinessWeight, 0.0)
            .AtLeast(options.GridEvery, 1)
            .AtLeast(options.GridFrom, 0)
            .AtLeast(options.ReportEvery, 1);
        if (options.TimeLimit is { } limit)
            rules.Above(limit.TotalSeconds, 0.0, nameof(options.TimeLimit));
        return rules.ToResult();
    }
}
