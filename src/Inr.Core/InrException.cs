namespace Inr;

/// <summary>Base of the failures that belong to this library's own domain: files, data, devices, divergence.</summary>
/// <remarks>Wrong arguments throw the usual <see cref="ArgumentException"/> family instead.</remarks>
public class InrException : Exception
{
    /// <summary>Creates the exception with a default message.</summary>
    public InrException()
    {
    }

    /// <summary>Creates the exception with a message that says what to do.</summary>
    public InrException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and the failure that led to it.</summary>
    public InrException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
