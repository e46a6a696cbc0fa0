namespace Inr.Studies;

/// <summary>A failure that a study itself found; the message is the line that the user sees.</summary>
internal sealed class StudyException : Exception
{
    /// <summary>The exit code where the work failed.</summary>
    public const int Failure = 1;

    /// <summary>The exit code of a command line that makes no sense.</summary>
    public const int Usage = 2;

    private StudyException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }

    /// <summary>The work failed.</summary>
    public static StudyException Failed(string message) => new(Failure, message);

    /// <summary>The command line makes no sense.</summary>
    public static StudyException BadUsage(string message) => new(Usage, message);
}
