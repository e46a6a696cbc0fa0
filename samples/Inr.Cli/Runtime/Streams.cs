using Inr.Cli.Output;

namespace Inr.Cli.Runtime;

/// <summary>Where a run of the command writes: the streams of the process, or those of a caller.</summary>
/// <param name="Output">What was asked for.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record Streams(TextWriter Output, TextWriter Error)
{
    /// <summary>Those of the process.</summary>
    public static Streams OfProcess { get; } = new(Console.Out, Console.Error);

    /// <summary>Where people read; with a progress bar where the process has a terminal.</summary>
    public Terminal CreateTerminal() => this == OfProcess && !Console.IsOutputRedirected ? Terminal.Interactive() : Terminal.Plain(Output);
}
