using Microsoft.Extensions.Options;

namespace Inr;

/// <summary>Validates <see cref="CompressionOptions"/>.</summary>
internal sealed class CompressionOptionsValidator : IValidateOptions<CompressionOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CompressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        object?[] targets = [options.BitsPerWeight, options.BitsPerSample, options.FileBytes, options.LossDecibels, options.Psnr];
        int set = targets.Count(t => t is not null);
        var rules = new OptionsRules(nameof(CompressionOptions))
            .Require(set <= 1, nameof(options.BitsPerWeight), set, "must be the only one of BitsPerWeight, BitsPerSample, FileBytes, LossDecibels and Psnr that is set")
            .InRange(options.TuningRate, 1e-6, 1)
            .AtLeast(options.BatchSize, 1)
            .InRange(options.RateWeight, 0, 8)
            .AtLeast(options.Probes, 1);
        if (options.BitsPerWeight is { } bits)
            rules.InRange(bits, 0.01, 24, nameof(options.BitsPerWeight));
        if (options.BitsPerSample is { } rate)
            rules.Above(rate, 0.0, nameof(options.BitsPerSample));
        if (options.FileBytes is { } bytes)
            rules.AtLeast(bytes, 1, nameof(options.FileBytes));
        if (options.LossDecibels is { } loss)
            rules.Above(loss, 0.0, nameof(options.LossDecibels));
        if (options.Psnr is { } psnr)
            rules.Require(double.IsFinite(psnr), nameof(options.Psnr), psnr, "must be finite");
        if (options.TuningSteps is { } steps)
            rules.AtLeast(steps, 0, nameof(options.TuningSteps));
        if (options.StartSeed is { } seed)
            rules.InRange(seed, 0, SeededStart.LargestSeed, nameof(options.StartSeed));
        return rules.ToResult();
    }
}
