using Inr.Cli.Output;
using Microsoft.Extensions.Options;

namespace Inr.Cli.Runtime;

/// <summary>Turns an exception into the one line that the user sees.</summary>
internal static class FailureLine
{
    /// <summary>Set to 1, failures print their stack trace as well.</summary>
    public const string TraceVariable = "INR_TRACE";

    /// <summary>The line, without a line break.</summary>
    public static string Of(Exception failure) => OneLine(failure switch
    {
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

    private static string OneLine(string text) =>
        Text.Plain(string.Join(' ', text.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)));
}
