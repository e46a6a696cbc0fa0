using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="CellFourierOptions"/>.</summary>
internal sealed class CellFourierOptionsValidator : IValidateOptions<CellFourierOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CellFourierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new OptionsRules(nameof(CellFourierOptions))
            .Defined(options.Partition)
            .Require(options.Partition != PartitionKind.DyadicTree, nameof(options.Partition), options.Partition, "must be a family with a fixed layout; the tree of one signal comes from PiecewiseFourierTarget.PartitionOf")
            .InRange(options.Cells, 1, options.Partition == PartitionKind.LevelSet ? 8 : 4096)
            .InRange(options.LevelTerms, 1, 4096)
            .InRange(options.Terms, 1, 4096)
            .Defined(options.Basis)
            .InRange(options.ExtensionFactor, 1.0, 4.0)
            .InRange(options.IndicatorWidth, 0.0, 1e3)
            .ToResult();
    }
}
