namespace Inr.Losses;

/// <summary>The samples that a loss compares with: places, what was observed there, and which of them count, for one signal or for B.</summary>
/// <remarks>It borrows its tensors: views that it makes belong to the caller's dispose scope.</remarks>
public sealed class LossSamples
{
    private readonly Tensor? _places;
    private readonly Signal? _signal;

    /// <summary>Creates samples.</summary>
    /// <param name="places">Shape [N,p], or [B,N,p].</param>
    /// <param name="values">Shape [N,c], or [B,N,c].</param>
    /// <param name="mask">Shape [N] or [B,N]: 1 for a sample that counts, 0 for padding; all count by default.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or a signal has no sample that counts.</exception>
    public LossSamples(Tensor places, Tensor values, Tensor? mask = null)
    {
        Shapes.Require(values, "values", "[N,c] or [B,N,c]", 2, 3);
        Shapes.Require(places, "places", "[N,p] or [B,N,p]", 2, 3);
        if (places.shape[^2] != values.shape[^2] || (places.dim() == 3 && (values.dim() != 3 || places.shape[0] != values.shape[0])))
            throw new ArgumentException($"places {Shapes.Text(places)} do not match values {Shapes.Text(values)}; expected [N,p] or [B,N,p], and [N,c] or [B,N,c].", nameof(places));
        long[] samples = values.shape[..^1];
        if (mask is not null && !mask.shape.SequenceEqual(samples))
            throw new ArgumentException($"mask must have the shape {Shapes.List(samples)} of the samples; it is {Shapes.Text(mask)}.", nameof(mask));
        RequireSamples(values, mask);
        _places = places;
        Values = values;
        Mask = mask;
        PlaceDimension = places.shape[^1];
    }

    // What was checked before: a signal, or views of other samples.
    private LossSamples(Signal? signal, Tensor? places, Tensor values, Tensor? mask, long placeDimension)
    {
        _signal = signal;
        _places = places;
        Values = values;
        Mask = mask;
        PlaceDimension = placeDimension;
    }

    /// <summary>What was observed; shape [N,c], or [B,N,c].</summary>
    public Tensor Values { get; }

    /// <summary>Shape [N] or [B,N]: 1 for a sample that counts, 0 for padding; null where all count.</summary>
    public Tensor? Mask { get; }

    /// <summary>The samples N of each signal, padding included.</summary>
    public long Count => Values.shape[^2];

    /// <summary>The number of signals B, or null for one without a batch axis.</summary>
    public long? BatchSize => Values.dim() == 3 ? Values.shape[0] : null;

    /// <summary>The numbers c of a value.</summary>
    public long Channels => Values.shape[^1];

    /// <summary>The numbers p of a place.</summary>
    public long PlaceDimension { get; }

    /// <summary>Ends a look at the samples on its way: who asks for losses of many of them polls it, and throws what it throws.</summary>
    public CancellationToken Cancellation { get; private init; }

    /// <summary>All samples of a signal.</summary>
    public static LossSamples Of(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new LossSamples(signal, null, signal.Values, null, signal.InputDimension);
    }

    /// <summary>Some samples of a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="indices">Shape [M], int64, on the device of the signal.</param>
    public static LossSamples At(Signal signal, Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(indices);
        return new LossSamples(DrawnPlaces(signal, indices), signal.Values.index_select(0, indices));
    }

    /// <summary>All samples of B signals.</summary>
    /// <exception cref="ArgumentException">A signal has no sample that counts.</exception>
    public static LossSamples Of(SignalBatch signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        return new LossSamples(signals.Coordinates, signals.Values, signals.Mask);
    }

    /// <summary>The same samples with a <see cref="Cancellation"/>.</summary>
    public LossSamples Until(CancellationToken cancellation) => new(_signal, _places, Values, Mask, PlaceDimension) { Cancellation = cancellation };

    /// <summary>The places of some samples that follow one another; shape [length,p], or [B,length,p].</summary>
    public Tensor Places(long start, long length)
    {
        if (_signal is not null)
            return PiecePlaces(_signal, start, length);
        return length == Count ? _places! : _places!.narrow(-2, start, length);
    }

    /// <summary>All places; shape [N,p], or [B,N,p].</summary>
    public Tensor AllPlaces => Places(0, Count);

    /// <summary>What was observed at those samples; shape [length,c], or [B,length,c].</summary>
    internal Tensor ValuesOf(long start, long length) => length == Count ? Values : Values.narrow(-2, start, length);

    /// <summary>The mask of those samples; null where all count.</summary>
    internal Tensor? MaskOf(long start, long length) => Mask is null || length == Count ? Mask : Mask.narrow(-1, start, length);

    /// <summary>Views of some of the B signals.</summary>
    internal LossSamples Signals(long first, long count) => BatchSize is null || count == BatchSize
        ? this
        : new LossSamples(_signal, _places is { } p && p.dim() == 3 ? p.narrow(0, first, count) : _places, Values.narrow(0, first, count), Mask?.narrow(0, first, count), PlaceDimension) { Cancellation = Cancellation };

    // The two places where a loss takes coordinates from a signal.
    private static Tensor PiecePlaces(Signal signal, long start, long length) =>
        length == signal.SampleCount ? signal.Coordinates : signal.CoordinatesOf(start, length);

    private static Tensor DrawnPlaces(Signal signal, Tensor indices) => signal.CoordinatesAt(indices);

    private static void RequireSamples(Tensor values, Tensor? mask)
    {
        if (values.numel() == 0)
            throw new ArgumentException($"A loss needs at least one sample and one channel; values are {Shapes.Text(values)}.", nameof(values));
        // Tensors of the meta device have shapes but no numbers.
        if (mask is null || mask.device.type == DeviceType.META)
            return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // Written so that NaN is no count.
        var empty = (mask.sum(-1) > 0).logical_not().reshape(-1).nonzero();
        if (empty.shape[0] > 0)
            throw new ArgumentException($"Signal {empty[0, 0].item<long>()} has no sample that counts: its mask is 0 everywhere. Leave it out, or give it a sample.", nameof(mask));
    }
}
