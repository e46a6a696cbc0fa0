using Microsoft.Extensions.Options;

namespace Inr.Meta;

/// <summary>Validates <see cref="LinearGaussianOptions"/>.</summary>
internal sealed class LinearGaussianOptionsValidator : IValidateOptions<LinearGaussianOptions>
{
    private const int MostComponents = 65_536;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LinearGaussianOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(LinearGaussianOptions)).InRange(options.Components, 1, MostComponents).InRange(options.Rounds, 1, 10_000);
        if (options.MirrorAxis is { } axis)
            rules.InRange(axis, 0, SignalDomain.MaxDimension - 1, nameof(options.MirrorAxis));
        if (options.Noise is { } noise)
            rules.InRange(noise, 0.0, 1e6, nameof(options.Noise));
        if (options.Lattice is { } lattice)
            rules.Require(lattice.All(n => n is >= 1 and <= 1 << 16), nameof(options.Lattice), string.Join('×', lattice), "must have axes of 1 to 65,536 samples");
        return rules.ToResult();
    }
}
