namespace Inr.Testing;

/// <summary>A target function under contract, and where its θ come from: drawn by the target itself, or made by the row from a seed.</summary>
public sealed class TargetCase
{
    private readonly Func<ulong, ParameterSet> _draw;

    /// <summary>A target that draws its own θ.</summary>
    public TargetCase(ITrainableTarget target)
    {
        Target = target;
        _draw = seed =>
        {
            using var generator = new Generator(seed);
            return target.Initialize(generator);
        };
    }

    /// <summary>A target whose structure belongs to a signal.</summary>
    /// <param name="fitted">A fit of it; the case takes ownership of nothing.</param>
    /// <remarks>Every seed keeps the structure of the fit and moves what is trainable by a tenth of its size.</remarks>
    public TargetCase(ImplicitRepresentation fitted)
    {
        Target = fitted.Target;
        _draw = seed =>
        {
            using var generator = new Generator(seed);
            return fitted.Parameters.Map((spec, t) => spec.IsTrainable ? t + (randn(t.shape, generator: generator) * 0.1 * t.square().mean().sqrt()) : t.clone());
        };
    }

    /// <summary>The target.</summary>
    public ITargetFunction Target { get; }

    /// <summary>A θ without a batch axis, float32; the caller owns it.</summary>
    public ParameterSet Draw(int seed) => _draw((ulong)(seed + 40));

    /// <summary>The same in double, which finite differences need.</summary>
    public ParameterSet DrawExact(int seed)
    {
        using var drawn = Draw(seed);
        return drawn.To(ScalarType.Float64);
    }
}
