namespace Inr.Optimization;

/// <summary>Divides the trainable tensors of a target into those that a least-squares solve gives and those left to an optimiser.</summary>
public sealed class LinearSplit
{
    // Of each tensor of the layout, whether the optimiser moves it.
    private readonly bool[] _free;

    /// <summary>Divides the tensors of a target.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="option">The option that asks for the solve, for the message.</param>
    /// <exception cref="ArgumentException">The target is linear in none of its parameters.</exception>
    public LinearSplit(ITargetFunction target, string option)
    {
        Target = target as ILinearInParameters is { LinearParameters.Count: > 0 } linear
            ? linear
            : throw new ArgumentException($"{option} needs a target that is linear in some of its parameters; '{target.Description.Kind}' is not.", nameof(target));
        _free = [.. target.Layout.Select(s => s.IsTrainable && !linear.LinearParameters.Contains(s.Name))];
    }

    /// <summary>The target.</summary>
    public ILinearInParameters Target { get; }

    /// <summary>The tensors left to an optimiser, in layout order.</summary>
    public Tensor[] Free(ParameterSet parameters) => [.. parameters.Tensors.Where((_, i) => _free[i])];

    /// <summary>θ with other tensors in the places of <see cref="Free"/>; the rest is shared.</summary>
    public ParameterSet WithFree(ParameterSet parameters, IReadOnlyList<Tensor> free)
    {
        int next = 0;
        return new ParameterSet(parameters.Layout, [.. parameters.Tensors.Select((t, i) => _free[i] ? free[next++] : t.alias())]);
    }
}
