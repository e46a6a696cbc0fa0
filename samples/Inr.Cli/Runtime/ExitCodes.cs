namespace Inr.Cli.Runtime;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>All is done.</summary>
    public const int Done = 0;

    /// <summary>It failed; one line on the error stream says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense; one line on the error stream says why.</summary>
    public const int BadUsage = 2;
}
