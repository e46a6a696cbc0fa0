using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="CompressedFourierOptions"/>.</summary>
internal sealed class CompressedFourierOptionsValidator : IValidateOptions<CompressedFourierOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CompressedFourierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(CompressedFourierOptions))
            .InRange(options.Quality, 0.0, 100.0)
            .InRange(options.Refinements, 0, CompressedFourier.PictureHeader.MostRefinements)
            .AtLeast(options.Threads, 0);
        rules.Require(options.Refinements == 0 || !options.Lossless, nameof(options.Refinements), options.Refinements, "must be 0 where Lossless is set");
        if (options.Step is { } step)
            rules.InRange(step, 1e-7, 65504.0, nameof(options.Step));
        if (options.BitsPerSample is { } bits)
            rules.InRange(bits, 1e-6, 1e3, nameof(options.BitsPerSample));
        if (options.FileBytes is { } bytes)
            rules.Require(bytes > 0, nameof(options.FileBytes), bytes, "must be above 0");
        if (options.Psnr is { } psnr)
            rules.InRange(psnr, 0.0, 120.0, nameof(options.Psnr));
        int goals = new object?[] { options.Step, options.BitsPerSample, options.FileBytes, options.Psnr, options.Lossless ? options : null }.Count(g => g is not null);
        rules.Require(goals <= 1, nameof(options.Step), goals, "must be the only goal: set one of Step, BitsPerSample, FileBytes, Psnr and Lossless");
        return rules.ToResult();
    }
}
