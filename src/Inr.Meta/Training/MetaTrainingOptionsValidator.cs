using Inr.Files;
using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>Validates <see cref="MetaTrainingOptions"/>.</summary>
internal sealed class MetaTrainingOptionsValidator : IValidateOptions<MetaTrainingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, MetaTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(MetaTrainingOptions))
            .AtLeast(options.Steps, 0)
            .AtLeast(options.BatchSize, 1)
            .Require(options.Schedule is not null, nameof(options.Schedule), options.Schedule, "must be set")
            .Require(options.ContextFraction is > 0 and <= 1, nameof(options.ContextFraction), options.ContextFraction, "must be above 0 and at most 1")
            .Require(options.QueryFraction is > 0 and <= 1, nameof(options.QueryFraction), options.QueryFraction, "must be above 0 and at most 1")
            .AtLeast(options.HeldOutLimit, 1)
            .AtLeast(options.EvaluateEvery, 1)
            .AtLeast(options.ReportEvery, 1)
            .AtLeast(options.CheckpointEvery, 1)
            // Said before the training, not after the first steps of it.
            .Require(options.CheckpointPath is null || FileKind.SafeTensors.Fits(options.CheckpointPath), nameof(options.CheckpointPath), options.CheckpointPath, "must not have the ending of another format: a checkpoint holds tensors (.safetensors)")
            .AtLeast(options.CacheBytes, 0L);
        if (options.LearningRate is { } rate)
            rules.Above(rate, 0.0, nameof(options.LearningRate));
        if (options.ClipNorm is { } clip)
            rules.Above(clip, 0.0, nameof(options.ClipNorm));
        if (options.TimeLimit is { } limit)
            rules.Require(limit > TimeSpan.Zero, nameof(options.TimeLimit), limit, "must be above 0");
        return rules.ToResult();
    }
}
