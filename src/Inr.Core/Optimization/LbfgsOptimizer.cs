namespace Inr.Optimization;

/// <summary>Limited-memory BFGS with a strong-Wolfe line search (Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4, 3.5, 3.6).</summary>
/// <remarks>
/// The direction is −H·g, where H is built from the last pairs s = Δθ, y = Δg with y·s above 0. A step that finds no
/// decrease forgets the pairs and leaves θ as it is, so that the next one starts along the gradient. The state holds the
/// loss and the gradient at θ', then s₁, y₁, s₂, y₂, …, oldest first: it belongs to that θ' and to one objective.
/// </remarks>
public sealed class LbfgsOptimizer : IOptimizer
{
    private const double SufficientDecrease = 1e-4;
    private const double Curvature = 0.9;

    private readonly int _history;
    private readonly int _maxEvaluations;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="history">Pairs to remember; 20 by default.</param>
    /// <param name="maxEvaluations">Evaluations of one line search; 20 by default.</param>
    public LbfgsOptimizer(int history = 20, int maxEvaluations = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(history, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvaluations, 2);
        _history = history;
        _maxEvaluations = maxEvaluations;
    }

    /// <inheritdoc/>
    public OptimizerState Initialize(IReadOnlyList<Tensor> parameters) => new(0, []);

    /// <inheritdoc/>
    public (Tensor[] Parameters, OptimizerState State, Tensor Loss) Step(IReadOnlyList<Tensor> parameters, OptimizerState state, LossWithGradient objective, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(objective);
        var origin = Flat(parameters);
        (Tensor Loss, Tensor Gradient) At(Tensor flat)
        {
            var (loss, gradients) = objective(Split(flat, parameters));
            return (loss, Flat(gradients));
        }

        // The last line search ended at this θ: its loss and gradient need no second evaluation.
        var (loss, gradient) = state.Tensors.Count == 0 ? At(origin) : (state.Tensors[0].alias(), state.Tensors[1].alias());
        var known = state.Tensors.Skip(2).ToArray();
        using var _ = no_grad();
        var direction = Direction(gradient, known);
        double slope = Dot(gradient, direction);
        if (slope >= 0)
        {
            direction = -gradient;
            slope = Dot(gradient, direction);
        }

        double first = known.Length == 0 ? learningRate * Math.Min(1, 1 / gradient.abs().sum().to(ScalarType.Float64).item<double>()) : learningRate;
        var found = slope == 0 ? null : Search(origin, direction, loss.to(ScalarType.Float64).item<double>(), slope, first, At);
        if (found is not { } step)
            return ([.. parameters.Select(p => p.clone())], new OptimizerState(state.Step + 1, []), loss);

        var s = direction * step.Length;
        var y = step.Gradient - gradient;
        var pairs = known.Select(t => t.alias()).ToList();
        if (Dot(s, y) > 1e-12 * Dot(y, y))
        {
            if (pairs.Count == 2 * _history)
                pairs.RemoveRange(0, 2);
            pairs.Add(s);
            pairs.Add(y);
        }

        return (Split(origin + s, parameters), new OptimizerState(state.Step + 1, [step.LossTensor, step.Gradient, .. pairs]), loss);
    }

    private static Tensor Direction(Tensor gradient, Tensor[] pairs)
    {
        var q = gradient.clone();
        int count = pairs.Length / 2;
        var alpha = new double[count];
        for (int i = count - 1; i >= 0; i--)
        {
            alpha[i] = Dot(pairs[2 * i], q) / Dot(pairs[2 * i], pairs[2 * i + 1]);
            q.add_(pairs[2 * i + 1], alpha: -alpha[i]);
        }

        if (count > 0)
            q.mul_(Dot(pairs[^2], pairs[^1]) / Dot(pairs[^1], pairs[^1]));
        for (int i = 0; i < count; i++)
        {
            double beta = Dot(pairs[2 * i + 1], q) / Dot(pairs[2 * i], pairs[2 * i + 1]);
            q.add_(pairs[2 * i], alpha: alpha[i] - beta);
        }

        return -q;
    }

    private readonly record struct Trial(double Length, double Loss, double Slope, Tensor LossTensor, Tensor Gradient);

    // Brackets a step that meets the strong Wolfe conditions, then narrows the bracket by safeguarded interpolation.
    private Trial? Search(Tensor origin, Tensor direction, double loss, double slope, double first, Func<Tensor, (Tensor Loss, Tensor Gradient)> at)
    {
        int evaluations = 0;
        Trial Try(double length)
        {
            evaluations++;
            var (l, g) = at(origin + direction * length);
            return new Trial(length, l.to(ScalarType.Float64).item<double>(), Dot(g, direction), l, g);
        }

        bool Decreases(Trial t) => double.IsFinite(t.Loss) && t.Loss <= loss + SufficientDecrease * t.Length * slope;
        var low = new Trial(0, loss, slope, direction, direction);
        Trial? high = null;
        Trial? best = null;
        double length = first;
        while (evaluations < _maxEvaluations)
        {
            var trial = Try(length);
            if (Decreases(trial) && (best is not { } b || trial.Loss < b.Loss))
                best = trial;
            if (Decreases(trial) && Math.Abs(trial.Slope) <= -Curvature * slope)
                return trial;

            if (high is null)
            {
                if (!Decreases(trial) || (low.Length > 0 && trial.Loss >= low.Loss))
                {
                    high = trial;
                }
                else if (trial.Slope >= 0)
                {
                    high = low;
                    low = trial;
                }
                else
                {
                    low = trial;
                    length *= 2;
                    continue;
                }
            }
            else if (!Decreases(trial) || trial.Loss >= low.Loss)
            {
                high = trial;
            }
            else
            {
                if (trial.Slope * (high.Value.Length - low.Length) >= 0)
                    high = low;
                low = trial;
            }

            length = Interpolate(low, high.Value);
            if (Math.Abs(high.Value.Length - low.Length) < 1e-12)
                break;
        }

        return best;
    }

    // The minimum of the parabola through low (value and slope) and high (value), kept off the ends of the bracket.
    private static double Interpolate(Trial low, Trial high)
    {
        double width = high.Length - low.Length;
        double curvature = (high.Loss - low.Loss - low.Slope * width) / (width * width);
        double inside = double.IsFinite(curvature) && curvature > 0 ? -low.Slope / (2 * curvature) / width : 0.5;
        return low.Length + width * Math.Clamp(inside, 0.1, 0.9);
    }

    private static double Dot(Tensor a, Tensor b) => dot(a, b).to(ScalarType.Float64).item<double>();

    private static Tensor Flat(IEnumerable<Tensor> tensors) => cat(tensors.Select(t => t.reshape(-1)).ToArray());

    private static Tensor[] Split(Tensor flat, IReadOnlyList<Tensor> like)
    {
        var result = new Tensor[like.Count];
        long offset = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = flat.narrow(0, offset, like[i].numel()).reshape(like[i].shape).clone();
            offset += like[i].numel();
        }

        return result;
    }
}
