namespace Inr;

/// <summary>A sound signal that is not of the kind that a fitter takes: other coordinates, other channels or another size.</summary>
/// <remarks>
/// A service that fits what its users send answers it as a bad request, as it does a <see cref="SignalLoadException"/>; any other
/// <see cref="ArgumentException"/> is a mistake in the service.
/// </remarks>
public sealed class SignalMismatchException : ArgumentException
{
    /// <summary>Creates the exception with a default message.</summary>
    public SignalMismatchException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the signal is, what was expected, and what to do.</param>
    public SignalMismatchException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the signal is, what was expected, and what to do.</param>
    /// <param name="innerException">The failure that led to it.</param>
    public SignalMismatchException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the signal is, what was expected, and what to do.</param>
    /// <param name="parameterName">The parameter that the signal was given as.</param>
    public SignalMismatchException(string message, string? parameterName)
        : base(message, parameterName)
    {
    }

    /// <summary>Requires that a signal has the coordinates and channels of a function; the message prints both, and how an image is converted.</summary>
    /// <param name="inputDimension">The coordinates that the function takes.</param>
    /// <param name="channels">The values that it gives.</param>
    /// <param name="signalDimension">The coordinates of the signal.</param>
    /// <param name="signalChannels">The values of the signal.</param>
    /// <param name="signal">What has them, with its verb, such as <c>the signals have</c>.</param>
    /// <param name="parameterName">The parameter that the signal was given as.</param>
    /// <exception cref="SignalMismatchException">They differ.</exception>
    public static void ThrowIfOther(int inputDimension, int channels, long signalDimension, long signalChannels, string signal, string? parameterName = null)
    {
        if (signalDimension == inputDimension && signalChannels == channels)
            return;
        bool isImage = inputDimension == 2 && signalDimension == 2 && channels is 1 or 3 or 4 && signalChannels is >= 1 and <= 4;
        throw new SignalMismatchException(
            $"The target maps {inputDimension} coordinates to {channels} values; {signal} {signalDimension} and {signalChannels}."
            + (isImage ? $" An image is converted by ImageSignal.WithChannels({channels}), or where it is read by ImageLoadOptions.Channels = {channels}." : ""),
            parameterName);
    }
}
