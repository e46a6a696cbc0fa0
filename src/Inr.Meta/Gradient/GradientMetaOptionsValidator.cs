using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Validates <see cref="GradientMetaOptions"/>.</summary>
internal sealed class GradientMetaOptionsValidator : IValidateOptions<GradientMetaOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GradientMetaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(GradientMetaOptions))
            .Defined(options.Adapt)
            .AtLeast(options.LastLayers, 1)
            .InRange(options.LatentSize, 1, 65_536)
            .Defined(options.Modulation)
            .Require(options.ModulatedLayers is not null && options.ModulatedLayers.All(i => i >= 0), nameof(options.ModulatedLayers), options.ModulatedLayers, "must be layer numbers from 0")
            .InRange(options.InnerSteps, 0, 10_000)
            .Defined(options.InnerUpdate)
            .InRange(options.Momentum, 0, 0.9999)
            .Above(options.StepSize, 0.0)
            .Defined(options.StepSizeRule)
            .Above(options.StepSizeRateScale, 0.0)
            .Defined(options.OuterGradient)
            .AtLeast(options.TruncateTo, 1)
            .Defined(options.Selection)
            .Require(options.SelectionShare is > 0 and <= 1, nameof(options.SelectionShare), options.SelectionShare, "must be above 0 and at most 1")
            .Above(options.Ridge, 0.0)
            .Above(options.OuterLearningRate, 0.0)
            .InRange(options.OptimizeSteps, 0, 1_000_000);
        bool learnsSizes = options.StepSizeRule != StepSizeRule.Fixed;
        rules.Require(learnsSizes || !options.StepSizePerStep, nameof(options.StepSizePerStep), options.StepSizePerStep, "needs a StepSizeRule that learns: PerTensor or PerElement");
        rules.Require(!options.StepSizePerStep || options.InnerSteps > 0, nameof(options.StepSizePerStep), options.StepSizePerStep, "needs InnerSteps of at least 1");
        if (options.StepSizeUpTo is { } upTo)
            rules.Require(learnsSizes && upTo > options.StepSize && double.IsFinite(upTo), nameof(options.StepSizeUpTo), upTo, "must be above StepSize, with a StepSizeRule that learns");
        if (options.MinStepSize is { } min && options.MaxStepSize is { } max)
            rules.Require(min < max, nameof(options.MinStepSize), min, "must be below MaxStepSize");
        if (options.InnerClipNorm is { } clip)
            rules.Above(clip, 0.0, nameof(options.InnerClipNorm));
        if (options.SamplesPerPiece is { } piece)
            rules.InRange(piece, 1, 1 << 24, nameof(options.SamplesPerPiece));
        if (options.OptimizeLearningRate is { } rate)
            rules.Above(rate, 0.0, nameof(options.OptimizeLearningRate));
        rules.Require(options.Adapt != AdaptedPart.Named || options.AdaptedNames is { Count: > 0 }, nameof(options.AdaptedNames), "empty", "must name the parameters to adapt");
        if (options.OuterGradient == OuterGradient.Displacement)
        {
            rules.Require(options.Adapt == AdaptedPart.All, nameof(options.Adapt), options.Adapt, "must be All with a displacement, which says nothing about shared parameters");
            rules.Require(!learnsSizes, nameof(options.StepSizeRule), options.StepSizeRule, "must be Fixed with a displacement, which says nothing about step sizes");
            rules.Require(!options.SolveLinearPart, nameof(options.SolveLinearPart), options.SolveLinearPart, "must be false with a displacement");
        }

        return rules.ToResult();
    }
}
