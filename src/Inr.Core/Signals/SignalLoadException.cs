namespace Inr;

/// <summary>A signal that cannot be read: a missing, truncated, unsupported or damaged file.</summary>
public sealed class SignalLoadException : InrException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="source">The file or stream that could not be read.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="innerException">The failure that led to it.</param>
    public SignalLoadException(string source, string reason, Exception? innerException = null)
        : base($"Cannot read '{source}': {reason}", innerException)
    {
        SignalSource = source;
    }

    /// <summary>The file or stream that could not be read.</summary>
    public string SignalSource { get; }
}
