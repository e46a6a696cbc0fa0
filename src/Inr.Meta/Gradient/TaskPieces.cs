namespace Inr.Meta;

/// <summary>Cuts a batch into pieces: tasks that go through the target together.</summary>
/// <remarks>
/// Small tasks are faster in one call, because each native call has a fixed cost. Large ones are faster apart, because the
/// activations of a piece then stay in the processor's cache; they also need less memory. The outer gradient is a mean over
/// tasks, so pieces change nothing but rounding.
/// </remarks>
internal static class TaskPieces
{
    private const long CpuSamplesPerPiece = 2_048;
    private const long DeviceSamplesPerPiece = 262_144;

    /// <summary>The tasks of each piece, as (first, count).</summary>
    public static IEnumerable<(long First, long Count)> Of(MetaBatch batch, int? samplesPerPiece) =>
        Of(batch.Count, Math.Max(batch.Context.SampleCount, batch.Query.SampleCount), samplesPerPiece, batch.Context.Values.device);

    /// <summary>The tasks of each piece, as (first, count).</summary>
    public static IEnumerable<(long First, long Count)> Of(SignalBatch batch, int? samplesPerPiece) =>
        Of(batch.Count, batch.SampleCount, samplesPerPiece, batch.Values.device);

    /// <summary>Views of the tasks of a piece; the caller disposes of them.</summary>
    public static SignalBatch Narrow(SignalBatch batch, long first, long count) => new(
        batch.Coordinates.dim() == 3 ? batch.Coordinates.narrow(0, first, count) : batch.Coordinates.alias(),
        batch.Values.narrow(0, first, count),
        batch.Mask?.narrow(0, first, count),
        batch.Domain);

    /// <summary>Views of the tasks of a piece; the caller disposes of them.</summary>
    public static MetaBatch Narrow(MetaBatch batch, long first, long count) => new(
        Narrow(batch.Context, first, count),
        ReferenceEquals(batch.Context, batch.Query) ? null : Narrow(batch.Query, first, count),
        [.. batch.Names.Skip((int)first).Take((int)count)])
    { Cancellation = batch.Cancellation };

    private static IEnumerable<(long First, long Count)> Of(long tasks, long samples, int? samplesPerPiece, Device device)
    {
        long limit = samplesPerPiece ?? (device.type == DeviceType.CPU ? CpuSamplesPerPiece : DeviceSamplesPerPiece);
        long size = Math.Max(1, limit / samples);
        for (long first = 0; first < tasks; first += size)
            yield return (first, Math.Min(size, tasks - first));
    }
}
