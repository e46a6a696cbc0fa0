namespace Inr;

/// <summary>A meta-learner as its description asks for it, before anything of its size exists.</summary>
/// <remarks>A file is compared with <see cref="Weights"/> first: nothing is drawn that its own tensors do not justify.</remarks>
public sealed class MetaLearnerPlan
{
    private readonly Func<Device, IMetaLearner> _create;

    /// <summary>Creates the plan.</summary>
    /// <param name="weights">Names and shapes of <see cref="IMetaLearner.Weights"/>, found without allocating them.</param>
    /// <param name="create">Makes the untrained learner on a device.</param>
    public MetaLearnerPlan(ParameterLayout weights, Func<Device, IMetaLearner> create)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(create);
        Weights = weights;
        _create = create;
    }

    /// <summary>Names and shapes of the weights that the learner will have.</summary>
    public ParameterLayout Weights { get; }

    /// <summary>Makes the learner, untrained.</summary>
    /// <param name="device">Where it runs; CPU by default.</param>
    /// <returns>The learner; the caller owns it.</returns>
    public IMetaLearner Create(Device? device = null) => _create(device ?? CPU);
}
