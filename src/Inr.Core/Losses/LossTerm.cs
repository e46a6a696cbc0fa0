namespace Inr.Losses;

/// <summary>A part of a loss beside the error of samples: what is known of the function without an observation.</summary>
/// <remarks>A step adds each term's value times its <see cref="Weight"/> to the mean error of the samples. <see cref="From"/> makes one of a function.</remarks>
public abstract class LossTerm
{
    /// <summary>Creates a term.</summary>
    /// <param name="weight">What its value is multiplied by; finite and at least 0.</param>
    protected LossTerm(double weight)
    {
        if (!(weight >= 0 && double.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a term is a finite number of at least 0.");
        Weight = weight;
    }

    /// <summary>What the value is multiplied by.</summary>
    public double Weight { get; }

    /// <summary>The mean of |‖∇f(x)‖ − 1| over random points of [-1,1]^d: 0 for a distance function.</summary>
    /// <remarks>Gropp et al.: Implicit Geometric Regularization, ICML 2020; the absolute value is that of SIREN (Sitzmann et al., NeurIPS 2020).</remarks>
    /// <param name="weight">The weight of the term; 0.1 suits distances that are given too.</param>
    /// <param name="points">Points drawn for each step; 1,024 by default.</param>
    public static LossTerm Eikonal(double weight = 0.1, int points = 1_024) => new EikonalTerm(weight, points);

    /// <summary>A term of your own.</summary>
    /// <param name="weight">What its value is multiplied by.</param>
    /// <param name="value">Gives the value from target, θ and the random stream of the step, as <see cref="Of"/> does.</param>
    public static LossTerm From(double weight, Func<ITargetFunction, ParameterSet, Generator, Tensor> value) => new GivenTerm(weight, value);

    /// <summary>The value, before the weight.</summary>
    /// <param name="target">The architecture.</param>
    /// <param name="parameters">θ, with or without a batch axis.</param>
    /// <param name="noise">The random stream of the step, on the CPU; the same one each time where a fit is judged.</param>
    /// <returns>A scalar, or shape [B] with a batch; differentiable in θ.</returns>
    public abstract Tensor Of(ITargetFunction target, ParameterSet parameters, Generator noise);

    private sealed class EikonalTerm : LossTerm
    {
        // Keeps the root differentiable where the gradient is zero.
        private const double Tiny = 1e-12;

        private readonly int _points;

        public EikonalTerm(double weight, int points)
            : base(weight)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
            _points = points;
        }

        public override Tensor Of(ITargetFunction target, ParameterSet parameters, Generator noise)
        {
            ArgumentNullException.ThrowIfNull(target);
            ArgumentNullException.ThrowIfNull(parameters);
            using var scope = NewDisposeScope();
            var x = (rand([_points, target.InputDimension], dtype: float32, device: CPU, generator: noise) * 2 - 1).to(parameters.ScalarType, parameters.Device);
            var slopes = Observation.Gradient.Of(target, parameters, x);
            var lengths = slopes.reshape([.. slopes.shape[..^1], target.OutputDimension, target.InputDimension]).square().sum([-1]).add(Tiny).sqrt();
            return (lengths - 1).abs().mean([-1, -2]).MoveToOuterDisposeScope();
        }
    }

    private sealed class GivenTerm : LossTerm
    {
        private readonly Func<ITargetFunction, ParameterSet, Generator, Tensor> _value;

        public GivenTerm(double weight, Func<ITargetFunction, ParameterSet, Generator, Tensor> value)
            : base(weight)
        {
            ArgumentNullException.ThrowIfNull(value);
            _value = value;
        }

        public override Tensor Of(ITargetFunction target, ParameterSet parameters, Generator noise) => _value(target, parameters, noise);
    }
}
