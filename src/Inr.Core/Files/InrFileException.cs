namespace Inr;

/// <summary>A file that is not what it should be (damaged, truncated, hostile, of a newer format), or that cannot be read or written.</summary>
public sealed class InrFileException : InrException
{
    /// <summary>Creates the exception.</summary>
    public InrFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the failure that led to it.</summary>
    public InrFileException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
