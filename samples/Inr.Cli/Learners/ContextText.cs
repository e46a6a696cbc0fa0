using Inr.Cli.Runtime;
using Inr.Evaluation;

namespace Inr.Cli.Learners;

/// <summary>Reads what a learner sees of an image from the command line.</summary>
internal static class ContextText
{
    /// <summary>The context of a text; all samples where there is none.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="CliException">The text is no context; the message says what is.</exception>
    public static SignalContext Read(string option, string? text)
    {
        if (text is null)
            return SignalContext.Full;
        try
        {
            return SignalContext.Parse(text);
        }
        catch (FormatException e)
        {
            throw CliException.BadUsage($"{option}: {e.Message}");
        }
    }
}
