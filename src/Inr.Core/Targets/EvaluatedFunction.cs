namespace Inr;

/// <summary>A target function with one θ that prepares nothing: every chunk is a call of <see cref="ITargetFunction.Evaluate"/>.</summary>
internal sealed class EvaluatedFunction : BoundFunction
{
    private readonly ParameterSet _parameters;

    public EvaluatedFunction(ITargetFunction target, ParameterSet parameters)
        : base(target, parameters)
    {
        // The one copy that keeps the promise of a snapshot.
        _parameters = Keep(parameters.Detach());
    }

    /// <inheritdoc/>
    protected override Tensor EvaluateCore(Tensor coordinates) => Target.Evaluate(_parameters, coordinates);
}
