using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Validates <see cref="TransformerOptions"/>.</summary>
public sealed class TransformerOptionsValidator : IValidateOptions<TransformerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(TransformerOptions))
            .InRange(options.Dimension, 1, 8192)
            .InRange(options.Depth, 1, 64)
            .InRange(options.Heads, 1, 256)
            .InRange(options.HeadDimension, 1, 1024)
            .InRange(options.FeedForward, 1, 65_536)
            .InRange(options.PatchSize, 1, 4096)
            .InRange(options.Padding, 0, 4096)
            .InRange(options.SamplesPerToken, 1, 1_000_000)
            .InRange(options.WeightGroups, 1, 65_536)
            .Defined(options.GroupOrder)
            .Defined(options.UpdateRule)
            .InRange(options.Ridge, 0, 1e3)
            .InRange(options.EmbeddingScale, 1e-4, 10)
            .Require(options.AverageDecay is null or (> 0 and < 1), nameof(options.AverageDecay), options.AverageDecay, "must be above 0 and below 1, or not set")
            .Require(options.LinearType is ScalarType.Float32 or ScalarType.BFloat16, nameof(options.LinearType), options.LinearType, "must be Float32 or BFloat16");
        foreach (var (block, groups) in options.GroupsOfBlock)
            rules.Require(groups is >= 1 and <= 65_536, $"{nameof(options.GroupsOfBlock)}[{block}]", groups, "must be between 1 and 65536");
        return rules.ToResult();
    }
}
