using System.Globalization;
using Inr.Cli.Runtime;

namespace Inr.Cli.Targets;

/// <summary>The family spends a budget on the width of its hidden layers: the widest network that does not exceed it.</summary>
internal sealed class WidthBudget : IFloatBudget
{
    private readonly int _largest;

    /// <param name="largest">The largest width that the family takes.</param>
    public WidthBudget(int largest = 8192)
    {
        _largest = largest;
    }

    /// <inheritdoc/>
    public TargetSettings Spend(TargetEntry entry, TargetSettings settings, SignalShape shape)
    {
        long budget = settings.Floats!.Value;
        if (settings.Width is { } given)
        {
            long count = Count(entry, settings, shape, given);
            return count <= budget
                ? settings
                : throw CliException.Failed(Line($"A {entry.Name} of width {given} has {count} floats, more than --floats {budget}; leave --width out to have it chosen."));
        }

        long smallest = Count(entry, settings, shape, 1);
        if (smallest > budget)
            throw CliException.Failed(Line($"--floats {budget} is too small for {entry.Name}; the smallest that works here is {smallest}."));

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

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
