namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Scratch memory of a thread, kept between tiles.</summary>
internal static class LaneBuffers
{
    private const int Slots = 4;

    [ThreadStatic]
    private static float[]?[]? _buffers;

    /// <summary>A buffer of at least <paramref name="elements"/> elements of 16 lanes; its content is undefined.</summary>
    /// <param name="slot">Buffers of different slots do not overlap.</param>
    /// <param name="elements">Elements per lane.</param>
    public static float[] Rent(int slot, int elements)
    {
        _buffers ??= new float[Slots][];
        int length = elements * Lanes.Width;
        if (_buffers[slot] is not { } buffer || buffer.Length < length)
            _buffers[slot] = buffer = GC.AllocateUninitializedArray<float>(length);
        return buffer;
    }
}
