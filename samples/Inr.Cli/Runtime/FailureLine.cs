using Inr.Evaluation;
using Microsoft.Extensions.Options;

namespace Inr.Cli.Runtime;

/// <summary>Turns an exception into the one line that the user sees.</summary>
internal static class FailureLine
{
    /// <summary>Set to 1, failures print their stack trace as well.</summary>
    public const string TraceVariable = "INR_TRACE";

    /// <summary>The line, without a line break.</summary>
    public static string Of(Exception failure) => Text.OneLine(failure switch
    {
        FloatBudgetException e => InOptions(e),
        OptionsValidationException e => string.Join(" ", e.Failures),
        ArgumentException e => WithoutParameterName(e),
        CliException or InrException or IOException or UnauthorizedAccessException => failure.Message,
        OperationCanceledException => "Cancelled.",
        OutOfMemoryException => "Out of memory: use a smaller signal, fewer --floats or a smaller --batch.",
        _ => $"Unexpected failure ({failure.GetType().Name}): {failure.Message} Set {TraceVariable}=1 to see where.",
    });

    // "… (Parameter 'x')" is of use to a programmer only.
    private static string WithoutParameterName(ArgumentException e) =>
        e.ParamName is { Length: > 0 } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;

    private static string InOptions(FloatBudgetException e) => e.Width is { } width
        ? FormattableString.Invariant($"A {e.Target} of width {width} has {e.Smallest} floats, more than --floats {e.Budget}; leave --width out to have it chosen.")
        : FormattableString.Invariant($"--floats {e.Budget} is too small for {e.Target}; the smallest that works here is {e.Smallest}.");
}
