namespace Inr;

/// <summary>B signals of equal shape, stacked: what a meta-learner adapts to in one call.</summary>
/// <remarks>
/// Signals of different sizes are padded to the longest and a mask says which samples are real. The batch owns its
/// tensors.
/// </remarks>
public sealed class SignalBatch : IDisposable
{
    /// <summary>Creates a batch that takes ownership of its tensors.</summary>
    /// <param name="coordinates">Shape [B,N,d], or [N,d] where all signals share them.</param>
    /// <param name="values">Shape [B,N,c].</param>
    /// <param name="mask">Shape [B,N], 1 for a real sample and 0 for padding, of the type of the values; none where all are real.</param>
    /// <param name="domain">The domain that the signals share; scattered by default.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public SignalBatch(Tensor coordinates, Tensor values, Tensor? mask = null, SignalDomain? domain = null)
    {
        Shapes.Require(coordinates, "coordinates", "[N,d] or [B,N,d]", 2, 3);
        Shapes.Require(values, "values", "[B,N,c]", 3);
        bool shared = coordinates.dim() == 2;
        if (coordinates.shape[shared ? 0 : 1] != values.shape[1] || (!shared && coordinates.shape[0] != values.shape[0]))
            throw new ArgumentException($"coordinates {Shapes.Text(coordinates)} do not match values {Shapes.Text(values)}; expected [N,d] or [B,N,d] and [B,N,c].", nameof(coordinates));
        if (mask is not null && (mask.dim() != 2 || mask.shape[0] != values.shape[0] || mask.shape[1] != values.shape[1]))
            throw new ArgumentException($"mask must have the shape [B,N] of values {Shapes.Text(values)}; it is {Shapes.Text(mask)}.", nameof(mask));

        Coordinates = coordinates.DetachFromDisposeScope();
        Values = values.DetachFromDisposeScope();
        Mask = mask?.DetachFromDisposeScope();
        Domain = domain ?? SignalDomain.Scattered((int)coordinates.shape[^1]);
    }

    /// <summary>Shape [N,d] where all signals share their coordinates, else [B,N,d].</summary>
    public Tensor Coordinates { get; }

    /// <summary>Shape [B,N,c].</summary>
    public Tensor Values { get; }

    /// <summary>Shape [B,N]: 1 for a real sample, 0 for padding; null where all are real.</summary>
    public Tensor? Mask { get; }

    /// <summary>The domain that the signals share; scattered where they differ.</summary>
    public SignalDomain Domain { get; }

    /// <summary>The number of signals B.</summary>
    public long Count => Values.shape[0];

    /// <summary>The number of samples N of each signal, padding included.</summary>
    public long SampleCount => Values.shape[1];

    /// <summary>Stacks signals, padding the shorter ones.</summary>
    /// <param name="signals">At least one; all of one input dimension and channel count.</param>
    /// <exception cref="ArgumentException">There is no signal, or dimensions or channel counts differ.</exception>
    public static SignalBatch Stack(IReadOnlyList<Signal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        if (signals.Count == 0)
            throw new ArgumentException("A batch needs at least one signal.", nameof(signals));
        var first = signals[0];
        foreach (var s in signals)
        {
            if (s.InputDimension != first.InputDimension || s.Channels != first.Channels)
                throw new ArgumentException($"Signals of one batch share input dimension and channel count; '{first}' and '{s}' differ.", nameof(signals));
        }

        using var scope = NewDisposeScope();
        bool oneGrid = first.Domain.IsGrid && signals.All(s => s.Domain.Equals(first.Domain));
        if (oneGrid)
            return new SignalBatch(first.CoordinatesOf(0, first.SampleCount), stack(signals.Select(s => s.Values).ToArray()), null, first.Domain);

        long longest = signals.Max(s => s.SampleCount);
        bool padded = signals.Any(s => s.SampleCount != longest);
        Tensor Pad(Tensor t) => t.shape[0] == longest ? t : nn.functional.pad(t, [0L, 0L, 0L, longest - t.shape[0]]);
        var mask = padded
            ? stack(signals.Select(s => Pad(ones(s.SampleCount, 1, dtype: s.Values.dtype, device: s.Values.device)).squeeze(1)).ToArray())
            : null;
        return new SignalBatch(
            stack(signals.Select(s => Pad(s.CoordinatesOf(0, s.SampleCount))).ToArray()),
            stack(signals.Select(s => Pad(s.Values)).ToArray()),
            mask);
    }

    /// <summary>A batch of one signal.</summary>
    public static SignalBatch Of(Signal signal) => Stack([signal]);

    /// <summary>A copy on another device.</summary>
    public SignalBatch To(Device device) =>
        new(Coordinates.to(device, copy: true), Values.to(device, copy: true), Mask?.to(device, copy: true), Domain);

    /// <inheritdoc/>
    public void Dispose()
    {
        Coordinates.Dispose();
        Values.Dispose();
        Mask?.Dispose();
    }
}
