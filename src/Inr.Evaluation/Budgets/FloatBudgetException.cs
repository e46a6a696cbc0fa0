using System.Globalization;

namespace Inr.Evaluation;

/// <summary>A family of target functions cannot keep to a float budget.</summary>
public sealed class FloatBudgetException : InrException
{
    /// <summary>Creates the exception without a message.</summary>
    public FloatBudgetException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public FloatBudgetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public FloatBudgetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The target function.</summary>
    public string Target { get; private init; } = "";

    /// <summary>The budget.</summary>
    public long Budget { get; private init; }

    /// <summary>The smallest budget that the target function keeps to.</summary>
    public long Smallest { get; private init; }

    /// <summary>The width that was asked for, which has <see cref="Smallest"/> floats; null where the width was free.</summary>
    public int? Width { get; private init; }

    internal static FloatBudgetException TooSmall(string target, long budget, long smallest) =>
        new(string.Create(CultureInfo.InvariantCulture, $"A budget of {budget} floats is too small for {target}; the smallest that works here is {smallest}."))
        {
            Target = target,
            Budget = budget,
            Smallest = smallest,
        };

    internal static FloatBudgetException TooWide(string target, int width, long count, long budget) =>
        new(string.Create(CultureInfo.InvariantCulture, $"A {target} of width {width} has {count} floats, more than the budget of {budget}; leave the width out to have it chosen."))
        {
            Target = target,
            Budget = budget,
            Smallest = count,
            Width = width,
        };
}
