namespace Inr;

/// <summary>Builds a meta-learner: what <c>UseMaml</c>, <c>UseTransformer</c> and their like return.</summary>
/// <remarks>
/// <code>
/// using var learner = InrBuilder.ForImages(channels: 3, size: 64).UseSiren().UseMaml().Build();
/// learner.Train(ImageFolder.Open("faces"));
/// learner.Save("faces.learner");
/// </code>
/// An extension method of your own returns <c>new MetaLearnerBuilder(builder, b => new MyLearner(b.BuildTarget(), …))</c>.
/// </remarks>
public sealed class MetaLearnerBuilder
{
    private readonly InrBuilder _inner;
    private readonly Func<InrBuilder, IMetaLearner> _create;
    private bool _built;

    /// <summary>Creates the builder.</summary>
    /// <param name="inner">Has the target function, the seed and the device.</param>
    /// <param name="create">Makes the learner when the builder builds.</param>
    public MetaLearnerBuilder(InrBuilder inner, Func<InrBuilder, IMetaLearner> create)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(create);
        _inner = inner;
        _create = create;
    }

    /// <summary>Runs on a device; the CPU by default.</summary>
    public MetaLearnerBuilder OnDevice(InrDevice device)
    {
        RequireOpen();
        _inner.OnDevice(device);
        return this;
    }

    /// <summary>Seeds every random choice; 0 by default.</summary>
    public MetaLearnerBuilder WithSeed(long seed)
    {
        RequireOpen();
        _inner.WithSeed(seed);
        return this;
    }

    /// <summary>Builds the learner, untrained. The builder takes no more changes.</summary>
    /// <exception cref="InvalidOperationException">No target was chosen, or the builder has built already.</exception>
    /// <exception cref="ArgumentException">The target lacks what the learner needs.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    public IMetaLearner Build()
    {
        RequireOpen();
        var learner = _create(_inner);
        _built = true;
        return learner;
    }

    private void RequireOpen()
    {
        if (_built)
            throw new InvalidOperationException("This builder has built already; start a new one.");
    }
}
