namespace Inr.Cli.Runtime;

/// <summary>A failure that the command line itself found; the message is the line that the user sees.</summary>
internal sealed class CliException : Exception
{
    private CliException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }

    /// <summary>The work failed, or a value is out of range: exit code 1.</summary>
    public static CliException Failed(string message) => new(ExitCodes.Failed, message);

    /// <summary>The command line makes no sense: exit code 2.</summary>
    public static CliException BadUsage(string message) => new(ExitCodes.BadUsage, message);
}
