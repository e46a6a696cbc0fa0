using Inr.Optimization;
using Inr.Parameterizations;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Moves the indicators of a family towards given labels, through its soft form: logistic regression for any family.</summary>
internal static class PartitionLearner
{
    private const int Steps = 40;

    /// <summary>Samples that a step looks at: more would not move a border further.</summary>
    private const int MostSamples = 8192;

    /// <summary>Learns.</summary>
    /// <param name="family">The family.</param>
    /// <param name="indicators">Where its tensors start, each with a leading axis of 1.</param>
    /// <param name="rates">The step size of each tensor.</param>
    /// <param name="width">The width of the soft indicators.</param>
    /// <param name="coordinates">[N·d].</param>
    /// <param name="labels">The set that each sample should belong to.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <returns>The moved tensors.</returns>
    public static Tensor[] Learn(IPartitionFamily family, Tensor[] indicators, double[] rates, double width, float[] coordinates, int[] labels, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        int d = family.Dimension, stride = Math.Max(1, labels.Length / MostSamples);
        // A stride that shares a factor with the width of the grid would pick columns.
        while (stride > 1 && stride % 2 == 0)
            stride++;
        int[] picked = [.. Enumerable.Range(0, (labels.Length + stride - 1) / stride).Select(i => i * stride)];
        var points = tensor(picked.SelectMany(i => coordinates.Skip(i * d).Take(d)).ToArray(), [1, (long)picked.Length, d]);
        var wanted = tensor(Array.ConvertAll(picked, i => (long)labels[i]), [1, (long)picked.Length]);
        Tensor[] position = [.. indicators.Select(t => t.detach().clone())];
        var rule = new AdamRule();
        var state = rule.Initialize(position);
        for (int step = 0; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            Tensor[] leaves = [.. position.Select(t => t.detach().clone().requires_grad_())];
            var membership = family.Locate(leaves, points, width);
            var side = wanted - (membership.Groups * family.RegionsPerPoint);
            // A label in another group says nothing that these indicators could follow.
            var follows = side.ge(0).logical_and(side.lt(family.RegionsPerPoint)).to(points.dtype);
            var chosen = membership.Weights.gather(-1, side.clamp(0, family.RegionsPerPoint - 1).unsqueeze(-1)).squeeze(-1);
            var loss = -((chosen + 1e-6).log() * follows).mean();
            var (directions, next) = rule.Direct(leaves, Gradients.Of(loss, leaves), state);
            double decay = 1 - (0.9 * step / Steps);
            position = [.. position.Select((t, i) => (t - (directions[i].detach() * (rates[i] * decay))).MoveToOuterDisposeScope())];
            foreach (var moment in next.Tensors)
                moment.MoveToOuterDisposeScope();
            state = next;
        }

        return [.. position.Select(t => t.MoveToOuterDisposeScope())];
    }
}
