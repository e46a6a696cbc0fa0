namespace Inr.Losses;

/// <summary>What is seen of a function at a place: its values there, its gradient, or the color of a ray through it.</summary>
/// <remarks>
/// A signal's coordinates are the places and its values are what was observed there, so that pictures, distance fields and
/// scenes go through one fitter. Implementations are differentiable in θ.
/// </remarks>
public abstract class Observation
{
    /// <summary>The values of the function at points: f_θ(x).</summary>
    public static Observation Field { get; } = new FieldObservation();

    /// <summary>The gradient of the function at points, channel by channel: ∂f_c/∂x_i at place c·d + i.</summary>
    public static Observation Gradient { get; } = new GradientObservation();

    /// <summary>Whether an observation with a random stream differs from that without one.</summary>
    public virtual bool IsRandom => false;

    /// <summary>About how often the function is evaluated for one place: pieces hold so many fewer places.</summary>
    public virtual int PointsPerPlace => 1;

    /// <summary>The numbers that make up a place, for a target.</summary>
    public virtual int PlaceDimension(ITargetFunction target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.InputDimension;
    }

    /// <summary>The numbers that are seen at a place, for a target.</summary>
    public virtual int Channels(ITargetFunction target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.OutputDimension;
    }

    /// <summary>Observes the function, or B functions at once.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="places">Shape [N,p], or [B,N,p], with p of <see cref="PlaceDimension"/>.</param>
    /// <param name="noise">Draws whatever training wants at random, such as jittered points, on the CPU; null for the exact observation.</param>
    /// <returns>Shape [N,c] where neither has a batch axis, else [B,N,c], with c of <see cref="Channels"/>; differentiable in θ.</returns>
    /// <exception cref="ArgumentException">The target cannot be observed in this way, or a shape does not fit.</exception>
    public abstract Tensor Of(ITargetFunction target, ParameterSet parameters, Tensor places, Generator? noise = null);

    /// <summary>Requires signals that this can be seen of, with a message that prints both.</summary>
    internal void Require(ITargetFunction target, long dimension, long channels, string signal, string parameter)
    {
        SignalMismatchException.ThrowIfOther(PlaceDimension(target), Channels(target), dimension, channels, $"the {signal}", parameter);
    }

    private sealed class FieldObservation : Observation
    {
        public override Tensor Of(ITargetFunction target, ParameterSet parameters, Tensor places, Generator? noise = null)
        {
            ArgumentNullException.ThrowIfNull(target);
            return target.Evaluate(parameters, places);
        }
    }

    private sealed class GradientObservation : Observation
    {
        public override int Channels(ITargetFunction target)
        {
            ArgumentNullException.ThrowIfNull(target);
            return target.OutputDimension * target.InputDimension;
        }

        public override Tensor Of(ITargetFunction target, ParameterSet parameters, Tensor places, Generator? noise = null)
        {
            ArgumentNullException.ThrowIfNull(target);
            ArgumentNullException.ThrowIfNull(parameters);
            ArgumentNullException.ThrowIfNull(places);
            using var scope = NewDisposeScope();
            bool differentiable = is_grad_enabled();
            using var recording = enable_grad();
            // Each function has points of its own, so that the gradient of a sum over functions keeps them apart.
            var x = parameters.BatchSize is { } batch && places.dim() == 2 ? places.unsqueeze(0).expand(batch, places.shape[0], places.shape[1]) : places;
            x = x.detach().clone().requires_grad_();
            var values = target.Evaluate(parameters, x);
            var slopes = new Tensor[target.OutputDimension];
            for (int c = 0; c < slopes.Length; c++)
                slopes[c] = Gradients.Of(values.select(-1, c).sum(), [x], higherOrder: differentiable, retainGraph: c + 1 < slopes.Length)[0];
            var result = cat(slopes, -1);
            return (differentiable ? result : result.detach()).MoveToOuterDisposeScope();
        }
    }
}
