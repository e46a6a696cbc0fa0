using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>Validates <see cref="GradientFitterOptions"/>.</summary>
internal sealed class GradientFitterOptionsValidator : IValidateOptions<GradientFitterOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GradientFitterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(GradientFitterOptions))
            .AtLeast(options.Steps, 0)
            .Defined(options.Optimizer)
            .InRange(options.Momentum, 0, 0.9999)
            .AtLeast(options.WeightDecay, 0.0)
            .AtLeast(options.EvaluateEvery, 1)
            .InRange(options.Ridge, 0, 1e3)
            .Require(options.Loss is { Error: not null, Observation: not null, Terms: not null }, nameof(options.Loss), options.Loss, "must have an error, an observation and terms")
            .Require(options.Schedule is not null, nameof(options.Schedule), options.Schedule, "must be set");
        if (options.LearningRate is { } rate)
            rules.Above(rate, 0.0, nameof(options.LearningRate));
        if (options.ClipNorm is { } clip)
            rules.Above(clip, 0.0, nameof(options.ClipNorm));
        if (options.BatchSize is { } batch)
            rules.AtLeast(batch, 1, nameof(options.BatchSize));
        if (options.SamplesPerPiece is { } piece)
            rules.AtLeast(piece, 1, nameof(options.SamplesPerPiece));
        if (options.TimeLimit is { } limit)
            rules.Above(limit.TotalSeconds, 0.0, nameof(options.TimeLimit));
        if (options.TargetPsnr is { } psnr)
        {
            rules.Require(double.IsFinite(psnr), nameof(options.TargetPsnr), psnr, "must be finite")
                .Require(options.Loss is null or { IsSquared: true, Terms.Count: 0 }, nameof(options.TargetPsnr), psnr, "must not be set with another loss than the squared error, from which no PSNR follows");
        }

        if (options.Pruning is { } pruning)
        {
            pruning.Check(rules)
                .Require(options.Steps >= 1, nameof(options.Steps), options.Steps, "must be at least 1 with Pruning, whose rounds come before steps")
                .Require(options.TimeLimit is null, nameof(options.TimeLimit), options.TimeLimit, "must not be set with Pruning, whose rounds come at steps")
                .Require(options.Optimizer != OptimizerKind.Lbfgs && options.CustomOptimizer is not LbfgsOptimizer, nameof(options.Optimizer), options.Optimizer, "must not be L-BFGS with Pruning, which changes the function that its memory is of");
        }

        rules.Require(options.Optimizer != OptimizerKind.Lbfgs || options.CustomOptimizer is not null || options.BatchSize is null,
            nameof(options.BatchSize), options.BatchSize, "must not be set with L-BFGS, whose line search needs every sample in every step");
        return rules.ToResult();
    }
}
