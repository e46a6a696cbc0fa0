namespace Inr.Studies;

/// <summary>A failure that a study itself found; the message is the line that the user sees.</summary>
internal sealed class StudyException : Exception
{
    private StudyException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }

    /// <summary>The work failed: exit code 1.</summary>
    public static StudyException Failed(string message) => new(1, message);

    /// <summary>The command line makes no sense: exit code 2.</summary>
    public static StudyException BadUsage(string message) => new(2, message);
}
