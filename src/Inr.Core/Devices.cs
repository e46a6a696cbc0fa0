namespace Inr;

/// <summary>Compares devices by what they are; <c>==</c> compares the objects, of which every tensor makes a new one when asked.</summary>
public static class Devices
{
    /// <summary>Whether a tensor lives on a device. A GPU without a number counts as another one than any with a number.</summary>
    public static bool IsOn(this Tensor tensor, Device device) =>
        tensor.device_type == device.type && (device.type == DeviceType.CPU || tensor.device_index == device.index);
}
