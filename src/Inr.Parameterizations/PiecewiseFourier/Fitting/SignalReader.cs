using System.Runtime.InteropServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Turns the values of a signal into centred, colour-rotated planes.</summary>
internal static class SignalReader
{
    /// <summary>Samples that are read at once.</summary>
    private const int ChunkSamples = 1 << 16;

    /// <summary>The median of each channel: subtracted from all samples, so that a plain background costs nothing.</summary>
    public static float[] Level(Signal signal)
    {
        const int MostSamples = 1 << 16;
        long count = signal.SampleCount, step = Math.Max(1, count / MostSamples);
        int channels = signal.Channels;
        using var scope = NewDisposeScope();
        var values = TensorNumbers.Of(signal.Values.slice(0, 0, count, step));
        var level = new float[channels];
        var sample = new float[values.Length / channels];
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < sample.Length; i++)
                sample[i] = values[(i * channels) + c];
            Array.Sort(sample);
            level[c] = sample[sample.Length / 2];
        }

        return level;
    }

    /// <summary>The planes of a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="level">Its <see cref="Level"/>.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    public static float[][] Planes(Signal signal, float[] level, double until, FitMonitor monitor)
    {
        var planes = new float[signal.Channels][];
        for (int c = 0; c < planes.Length; c++)
            planes[c] = GC.AllocateUninitializedArray<float>(checked((int)signal.SampleCount));
        monitor.Begin(until, signal.SampleCount);
        ForChunks(signal, monitor, (first, values) =>
        {
            Rotate(values, level, first, planes);
            monitor.Advance(values.Length / planes.Length);
        });
        return planes;
    }

    /// <summary>One plane of a signal, in parts and from several threads.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="level">Its <see cref="Level"/>.</param>
    /// <param name="channel">Which one.</param>
    /// <param name="monitor">The threads and the token of the fit.</param>
    /// <param name="receive">Told the first sample of a part, and the part.</param>
    public static void Plane(Signal signal, float[] level, int channel, FitMonitor monitor, PartAction receive)
    {
        int channels = level.Length;
        var rotation = ColorRotation.For(channels).AsMemory(channel * channels, channels);
        ForChunks(signal, monitor, (first, values) =>
        {
            var plane = new float[values.Length / channels];
            Rotate(values, level, rotation.Span, plane);
            receive(first, plane);
        });
    }

    /// <summary>The sum of all squared distances from the level, which the rotation of colours does not change.</summary>
    public static double Energy(Signal signal, float[] level)
    {
        var sums = new double[(signal.SampleCount + ChunkSamples - 1) / ChunkSamples];
        ForChunks(signal, new FitMonitor(0), (first, values) =>
        {
            double sum = 0;
            for (int i = 0; i < values.Length; i += level.Length)
            {
                for (int c = 0; c < level.Length; c++)
                {
                    double v = (double)values[i + c] - level[c];
                    sum += v * v;
                }
            }

            sums[first / ChunkSamples] = sum;
        });
        return sums.Sum();
    }

    /// <summary>Requires the dimensions that a builder was told.</summary>
    /// <exception cref="SignalMismatchException">They differ.</exception>
    public static void RequireDimensions(Signal signal, (int Input, int Output)? dimensions)
    {
        if (dimensions is { } d)
            SignalMismatchException.ThrowIfOther(d.Input, d.Output, signal.InputDimension, signal.Channels, $"the signal ({signal}) has", nameof(signal));
    }

    // Told the first sample of a chunk and its values, channels beside one another.
    private static void ForChunks(Signal signal, FitMonitor monitor, PartAction action)
    {
        long count = signal.SampleCount;
        monitor.For((int)((count + ChunkSamples - 1) / ChunkSamples), k =>
        {
            using var scope = NewDisposeScope();
            long first = (long)k * ChunkSamples;
            var part = Plain(signal.Values.narrow(0, first, Math.Min(ChunkSamples, count - first)));
            action(first, MemoryMarshal.Cast<byte, float>(part.bytes));
        });
    }

    private static Tensor Plain(Tensor tensor) => tensor.detach().to(ScalarType.Float32, CPU).contiguous();

    private static void Rotate(ReadOnlySpan<float> values, float[] level, long first, float[][] planes)
    {
        var rotation = ColorRotation.For(planes.Length).AsSpan();
        for (int c = 0; c < planes.Length; c++)
            Rotate(values, level, rotation.Slice(c * planes.Length, planes.Length), planes[c].AsSpan((int)first, values.Length / planes.Length));
    }

    private static void Rotate(ReadOnlySpan<float> values, ReadOnlySpan<float> level, ReadOnlySpan<double> rotation, Span<float> plane)
    {
        int channels = level.Length;
        for (int i = 0; i < plane.Length; i++)
        {
            double v = 0;
            for (int k = 0; k < channels; k++)
                v += rotation[k] * ((double)values[(i * channels) + k] - level[k]);
            plane[i] = (float)v;
        }
    }

    /// <summary>Takes a part of a signal.</summary>
    /// <param name="first">The first sample.</param>
    /// <param name="values">The values from there on.</param>
    internal delegate void PartAction(long first, ReadOnlySpan<float> values);
}
