namespace Inr.Meta;

/// <summary>Which numbers of θ an <see cref="AdaptationSpace"/> adapts, shares and keeps, found from the layout alone.</summary>
/// <param name="Shared">Learned and the same for all tasks.</param>
/// <param name="Frozen">Stored but neither learned nor adapted.</param>
/// <param name="TensorSizes">The numbers of φ that belong to one tensor each.</param>
/// <param name="Weights">Names and shapes of the weights of the outer loop.</param>
internal sealed record SpacePlan(FlatPart Shared, FlatPart Frozen, IReadOnlyList<long> TensorSizes, IReadOnlyList<ParameterSpec> Weights)
{
    /// <summary>The plan that the options describe.</summary>
    /// <param name="layout">The layout of θ.</param>
    /// <param name="options">What adapts.</param>
    /// <param name="solved">The parameters that a closed form finds; they do not adapt.</param>
    /// <exception cref="ArgumentException">The target lacks what the options name.</exception>
    public static SpacePlan Of(ParameterLayout layout, GradientMetaOptions options, IReadOnlyList<string> solved) =>
        options.Adapt == AdaptedPart.Latent ? LatentSpace.Plan(layout, options, solved) : DirectSpace.Plan(layout, options, solved);
}
