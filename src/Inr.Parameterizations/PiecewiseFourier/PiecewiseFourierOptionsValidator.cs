using System.Numerics;
using Microsoft.Extensions.Options;

namespace Inr.Parameterizations;

/// <summary>Validates <see cref="PiecewiseFourierOptions"/>.</summary>
internal sealed class PiecewiseFourierOptionsValidator : IValidateOptions<PiecewiseFourierOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PiecewiseFourierOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rules = new OptionsRules(nameof(PiecewiseFourierOptions))
            .AtLeast(options.FloatBudget, 8)
            .Defined(options.Partition)
            .InRange(options.LevelTerms, 1, 4096)
            .Require(!options.CurvedCuts || options.Cuts, nameof(options.CurvedCuts), true, "must be off where Cuts is off")
            .InRange(options.MaxCutSide, 4, 64)
            .AtLeast(options.IndicatorWidth, 0.0)
            .AtLeast(options.Threads, 0);
        if (options.Cells is { } cells)
        {
            rules.Require(options.Partition != PartitionKind.DyadicTree, nameof(options.Cells), cells, "must be null for the dyadic tree, which chooses its own sets: set Partition")
                .InRange(cells, 1, options.Partition switch { PartitionKind.LevelSet => 8, PartitionKind.CutGrid => 64, _ => 4096 }, nameof(options.Cells));
        }

        if (options.Smoothness is { } smoothness)
            rules.InRange(smoothness, 0.0, 1e3, nameof(options.Smoothness));
        if (options.SampleGrid is { } grid)
            rules.Require(grid.Count is >= 1 and <= 3 && grid.All(n => n > 0), nameof(options.SampleGrid), string.Join('×', grid), "must have 1 to 3 positive sizes");
        if (options.MinLeafSide is { } min)
            rules.InRange(min, 1, 4096, nameof(options.MinLeafSide));
        if (options.MaxLeafSide is { } max)
            rules.InRange(max, 1, 1 << 16, nameof(options.MaxLeafSide));
        if (options is { MinLeafSide: { } low, MaxLeafSide: { } high })
            rules.Require(high >= low && high % low == 0 && BitOperations.IsPow2(high / low), nameof(options.MaxLeafSide), high, $"must be MinLeafSide ({low}) times a power of two");
        return rules.ToResult();
    }
}
