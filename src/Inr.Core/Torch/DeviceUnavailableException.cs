namespace Inr;

/// <summary>A device was asked for that this process cannot use; the message says why and what to do.</summary>
public sealed class DeviceUnavailableException : InrException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="device">The device that was asked for.</param>
    /// <param name="reason">Why it cannot be used and what to do about it.</param>
    public DeviceUnavailableException(InrDevice device, string reason)
        : base($"The device '{device}' is not available. {reason}") => Device = device;

    /// <summary>The device that was asked for.</summary>
    public InrDevice Device { get; }
}
