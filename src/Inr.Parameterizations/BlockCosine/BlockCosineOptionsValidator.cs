using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="BlockCosineOptions"/>.</summary>
internal sealed class BlockCosineOptionsValidator : IValidateOptions<BlockCosineOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, BlockCosineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(BlockCosineOptions)).AtLeast(options.FloatBudget, 2);
        if (options.BlockSide is { } side)
        {
            rules.InRange(side, 1, 256, nameof(options.BlockSide));
            rules.Require(!options.Global, nameof(options.BlockSide), side, "must not be set together with Global");
        }

        return rules.ToResult();
    }
}
