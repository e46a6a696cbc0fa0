namespace Inr.Evaluation;

/// <summary>The family spends a budget on the width of its hidden layers: the widest network that does not exceed it.</summary>
public sealed class WidthBudget : IFloatBudget
{
    private readonly int _largest;

    /// <summary>Creates the rule.</summary>
    /// <param name="largest">The largest width that the family takes.</param>
    public WidthBudget(int largest = 8192)
    {
        _largest = largest;
    }

    /// <inheritdoc/>
    public TargetSettings Spend(TargetEntry entry, TargetSettings settings, SignalShape shape)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(settings);
        long budget = settings.Floats ?? throw new ArgumentException("There is no budget to spend.", nameof(settings));
        if (settings.Width is { } given)
        {
            long count = Count(entry, settings, shape, given);
            return count <= budget ? settings : throw FloatBudgetException.TooWide(entry.Name, given, count, budget);
        }

        long smallest = Count(entry, settings, shape, 1);
        if (smallest > budget)
            throw FloatBudgetException.TooSmall(entry.Name, budget, smallest);

        // The count grows with the width, so the widest that fits is found by halving.
        int fits = 1;
        int tooWide = _largest + 1;
        while (tooWide - fits > 1)
        {
            int middle = (fits + tooWide) / 2;
            if (Count(entry, settings, shape, middle) <= budget)
                fits = middle;
            else
                tooWide = middle;
        }

        return settings with { Width = fits };
    }

    private static long Count(TargetEntry entry, TargetSettings settings, SignalShape shape, int width)
    {
        var builder = shape.Builder();
        entry.Use(builder, settings with { Width = width });
        return builder.BuildTarget().Layout.FloatCount;
    }
}
