using Inr.Losses;

namespace Inr;

/// <summary>Moves θ so that the rounded numbers, not the numbers, fit a signal: they are rounded a few at a time, and those that are free yet make up for it.</summary>
/// <remarks>
/// Gradients are exact at all times, where those that are passed straight through a rounding (Bengio, Léonard, Courville 2013) make numbers swing between two levels; the
/// order is random (Zhou, Yao, Guo, Xu, Chen: Incremental network quantization, ICLR 2017, in small steps). Numbers are in units of their steps,
/// so that one rate serves all. Adam moves them; what a bit is worth pulls them to 0 by the slope of the bits of a bell of their spread, <c>u/(σ² ln 2)</c>.
/// </remarks>
internal sealed class CodeTuner
{
    private readonly ITargetFunction _target;
    private readonly Signal _signal;
    private readonly CompressionOptions _options;
    private readonly CodeChooser _chooser;

    public CodeTuner(ITargetFunction target, Signal signal, CompressionOptions options, CodeChooser chooser)
    {
        _target = target;
        _signal = signal;
        _options = options;
        _chooser = chooser;
    }

    /// <summary>Tunes.</summary>
    /// <param name="start">θ to begin with; tensors that do not move stay as they are in it.</param>
    /// <param name="places">The numbers of each tensor in units of its step.</param>
    /// <param name="steps">The steps of the tensors.</param>
    /// <param name="quality">8·log₂ c of those steps.</param>
    /// <param name="count">Steps to do.</param>
    /// <param name="done">Told after each step.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <returns>The moved numbers in units of their steps.</returns>
    public float[][] Tune(ParameterSet start, float[][] places, CodedStep[] steps, int quality, int count, Action<double>? done, CancellationToken cancellationToken)
    {
        var loss = new LossFunction(_target);
        var layout = _target.Layout;
        int[] moved = [.. Enumerable.Range(0, layout.Count).Where(i => layout[i].IsTrainable && layout[i].Role != ParameterRole.Structure)];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var at = cat([.. moved.Select(i => tensor(places[i]))]);
        var sizes = cat([.. moved.Select(i => full([places[i].Length], steps[i].Size))]);
        var origin = cat([.. moved.Select(i => tensor(_chooser.OriginOf(i)))]);
        var mayMove = cat([.. moved.Select(i => _chooser.IsPruned[i] ? tensor(places[i]).round().ne(0).to(ScalarType.Float32) : ones(places[i].Length))]);
        // The slope of the bits, in units of the loss: λ = w·c²·ln 2/6 times u/(σ² ln 2).
        double c = Math.Pow(2, (double)quality / CodedStep.PerOctave);
        var pull = cat([.. moved.Select(i => full([places[i].Length], (float)(_options.RateWeight * c * c / 6 / Spread(places[i]))))]);
        var (mean, power) = (zeros_like(at), zeros_like(at));
        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Order, 0);
        var order = rand(at.shape, generator: generator);
        bool isWhole = _signal.SampleCount <= _options.BatchSize;
        for (int step = 0; step < count; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var isRounded = order.lt((step + 1) / (double)count);
            at.copy_(torch.where(isRounded, at.round(), at));
            var free = torch.where(isRounded, 0f, mayMove);
            var theta = With(start, moved, origin + (at * sizes));
            using var draws = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Minibatch, step);
            var samples = isWhole
                ? LossSamples.Of(_signal)
                : LossSamples.At(_signal, randint(0, _signal.SampleCount, [_options.BatchSize], dtype: int64, device: CPU, generator: draws));
            var found = loss.Differentiate(theta, samples);
            var slope = ((cat([.. found.Gradients.Select(g => g.reshape(-1))]) * sizes) + (pull * at)) * free;
            mean.mul_(0.9).add_(slope, 0.1);
            power.mul_(0.999).addcmul_(slope, slope, 0.001);
            double rate = _options.TuningRate * (0.02 + (0.49 * (1 + Math.Cos(Math.PI * step / count)))) / (1 - Math.Pow(0.9, step + 1));
            at.sub_(free * mean / (power / (1 - Math.Pow(0.999, step + 1))).sqrt().add(1e-20) * rate);
            done?.Invoke(found.Total.item<float>());
        }

        var result = new float[layout.Count][];
        long next = 0;
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = places[i];
            if (!moved.Contains(i))
                continue;
            result[i] = at.narrow(0, next, places[i].Length).contiguous().data<float>().ToArray();
            next += places[i].Length;
        }

        return result;
    }

    private static ParameterSet With(ParameterSet start, int[] moved, Tensor flat)
    {
        long next = 0;
        var tensors = start.Tensors.Select(t => t.alias()).ToArray();
        foreach (int i in moved)
        {
            long count = start.Layout[i].Count;
            tensors[i] = flat.narrow(0, next, count).reshape([.. start.Layout[i].Shape]);
            next += count;
        }

        return new ParameterSet(start.Layout, tensors);
    }

    // The mean square, and what rounding adds.
    private static double Spread(float[] places) => (places.Length == 0 ? 0 : places.Average(u => (double)u * u)) + (1.0 / 12);
}
