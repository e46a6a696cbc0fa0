using Inr.Meta;

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
    private readonly List<Func<InrBuilder, IMetaLearner, IMetaLearner>> _wraps = [];
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

    /// <summary>Wraps the learner in another one when it is built; the last wrap is the outermost.</summary>
    /// <param name="wrap">Takes ownership of the learner that it is given.</param>
    public MetaLearnerBuilder Wrap(Func<InrBuilder, IMetaLearner, IMetaLearner> wrap)
    {
        ArgumentNullException.ThrowIfNull(wrap);
        RequireOpen();
        _wraps.Add(wrap);
        return this;
    }

    /// <summary>Follows every adaptation by test-time steps: a <see cref="TestTimeLearner"/> around the learner.</summary>
    /// <param name="change">Changes the steps, as <c>o => o with { Steps = 20 }</c>.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public MetaLearnerBuilder UseTestTimeSteps(Func<TestTimeOptions, TestTimeOptions>? change = null)
    {
        RequireOpen();
        var options = _inner.CreateOptions(change, new TestTimeOptionsValidator());
        return Wrap((_, learner) => new TestTimeLearner(learner, options));
    }

    /// <summary>Builds the learner, untrained. The builder takes no more changes.</summary>
    /// <exception cref="InvalidOperationException">No target was chosen, or the builder has built already.</exception>
    /// <exception cref="ArgumentException">The target lacks what the learner needs.</exception>
    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    /// <exception cref="TorchRuntimeException">TorchSharp's native library cannot be loaded; the message says what to add.</exception>
    public IMetaLearner Build()
    {
        RequireOpen();
        // One clear exception where the native library is missing, before anything else touches it.
        TorchRuntime.EnsureLoaded();
        var learner = _create(_inner);
        try
        {
            foreach (var wrap in _wraps)
                learner = wrap(_inner, learner);
        }
        catch
        {
            learner.Dispose();
            throw;
        }

        _built = true;
        return learner;
    }

    private void RequireOpen()
    {
        if (_built)
            throw new InvalidOperationException("This builder has built already; start a new one.");
    }
}
