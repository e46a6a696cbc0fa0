namespace Inr.Losses;

/// <summary>How far predicted numbers are from observed ones, each for itself: what a loss takes the mean of.</summary>
/// <remarks>Implementations are immutable and differentiable almost everywhere; <see cref="From"/> makes one of a function.</remarks>
public abstract class PointwiseError
{
    /// <summary>(f − y)²; its mean is the mean squared error, and PSNR is a function of it.</summary>
    public static PointwiseError Squared { get; } = new SquaredError();

    /// <summary>|f − y|: a few wrong samples count for little.</summary>
    public static PointwiseError Absolute { get; } = new AbsoluteError();

    /// <summary>½(f − y)² up to a distance δ, and the straight line δ|f − y| − ½δ² that goes on from there.</summary>
    /// <remarks>Huber: Robust Estimation of a Location Parameter, 1964.</remarks>
    /// <param name="threshold">δ, above 0; in the unit of the values.</param>
    public static PointwiseError Huber(double threshold = 1) => new HuberError(threshold);

    /// <summary>An error of your own.</summary>
    /// <param name="name">What messages call it, such as "relative error".</param>
    /// <param name="error">Maps predicted and observed numbers of one shape to errors of that shape, by differentiable operations.</param>
    public static PointwiseError From(string name, Func<Tensor, Tensor, Tensor> error) => new GivenError(name, error);

    /// <summary>What messages call it: "squared error".</summary>
    public abstract string Name { get; }

    /// <summary>The errors.</summary>
    /// <param name="predicted">Shape [N,c] or [B,N,c].</param>
    /// <param name="observed">The same, or what broadcasts to it.</param>
    /// <returns>One error for each sample and channel, of the larger shape; differentiable.</returns>
    public abstract Tensor Of(Tensor predicted, Tensor observed);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    private sealed class SquaredError : PointwiseError
    {
        public override string Name => "squared error";

        // A product, because a power takes a scalar, whose native half lives until it is finalized.
        public override Tensor Of(Tensor predicted, Tensor observed)
        {
            var difference = predicted - observed;
            return difference * difference;
        }
    }

    private sealed class AbsoluteError : PointwiseError
    {
        public override string Name => "absolute error";

        public override Tensor Of(Tensor predicted, Tensor observed) => (predicted - observed).abs();
    }

    private sealed class HuberError : PointwiseError
    {
        private readonly double _threshold;

        public HuberError(double threshold)
        {
            if (!(threshold > 0 && double.IsFinite(threshold)))
                throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold of a Huber error is a finite number above 0.");
            _threshold = threshold;
        }

        public override string Name => FormattableString.Invariant($"Huber error of {_threshold}");

        // With q = min(|d|, δ): q·(|d| − q/2) is both branches at once.
        public override Tensor Of(Tensor predicted, Tensor observed)
        {
            var distance = (predicted - observed).abs();
            var near = distance.clamp_max(_threshold);
            return near * (distance - near * 0.5);
        }
    }

    private sealed class GivenError : PointwiseError
    {
        private readonly Func<Tensor, Tensor, Tensor> _error;

        public GivenError(string name, Func<Tensor, Tensor, Tensor> error)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            ArgumentNullException.ThrowIfNull(error);
            Name = name;
            _error = error;
        }

        public override string Name { get; }

        public override Tensor Of(Tensor predicted, Tensor observed) => _error(predicted, observed);
    }
}
