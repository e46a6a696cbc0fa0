namespace Inr;

/// <summary>A target function that knows how many floating-point operations one of its values takes.</summary>
/// <remarks>
/// A multiplication and an addition count as one operation each, a sine or another elementary function as one. What is
/// counted is the work of <see cref="ITargetFunction.Evaluate"/> at one point; memory traffic is not.
/// </remarks>
public interface IReportsFlops : ITargetFunction
{
    /// <summary>The operations of one point, all channels together.</summary>
    /// <param name="parameters">θ without a batch axis: the work of an adaptive structure depends on it.</param>
    double FlopsPerSample(ParameterSet parameters);
}
