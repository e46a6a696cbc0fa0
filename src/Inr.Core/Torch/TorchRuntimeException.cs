namespace Inr;

/// <summary>
/// The native half of TorchSharp could not be loaded. The message names what was asked for, what the system has,
/// where was searched, and the fix.
/// </summary>
public sealed class TorchRuntimeException : InrException
{
    /// <summary>Creates the exception with a general message.</summary>
    public TorchRuntimeException()
        : base("The native libraries of TorchSharp could not be loaded.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and what to do about it.</param>
    public TorchRuntimeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public TorchRuntimeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
