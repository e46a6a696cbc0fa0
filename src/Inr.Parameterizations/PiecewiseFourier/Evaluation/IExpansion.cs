namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>A target that sums cosines region by region: all that tells one from another is how θ describes the partition.</summary>
internal interface IExpansion : ITargetFunction
{
    /// <summary>Reads and checks the partition of a θ without a batch axis.</summary>
    /// <exception cref="InrException">The stored numbers contradict one another.</exception>
    PiecewiseStructure Structure(ParameterSet parameters);
}
