using Inr.Losses;

namespace Inr;

/// <summary>How much the squared error grows with an error of each number of θ: the diagonal of the Gauss–Newton matrix.</summary>
/// <remarks>
/// <c>h_i = E_x Σ_c (∂f_c/∂θ_i)² / C</c>. For random signs r, <c>E_r (∂⟨r, f⟩/∂θ_i)²</c> is the sum over samples and channels: one backward
/// pass of random outputs is an unbiased estimate of all of them (Hutchinson, 1990).
/// </remarks>
internal static class Sensitivity
{
    private const int SamplesPerProbe = 8_192;

    /// <summary>Estimates the diagonal.</summary>
    /// <param name="target">The function.</param>
    /// <param name="parameters">θ on the CPU, float32.</param>
    /// <param name="samples">Where it matters.</param>
    /// <param name="probes">Backward passes.</param>
    /// <param name="seed">The seed of samples and signs.</param>
    /// <param name="cancellationToken">Ends it between two passes.</param>
    /// <returns>For each tensor one number an entry; null for a structure and where the function has no derivative.</returns>
    public static float[]?[] Of(ITargetFunction target, ParameterSet parameters, Signal samples, int probes, long seed, CancellationToken cancellationToken)
    {
        var sums = new double[]?[parameters.Layout.Count];
        int[] wanted = [.. Enumerable.Range(0, sums.Length).Where(i => parameters.Layout[i].Role != ParameterRole.Structure && parameters.Layout[i].Count > 0)];
        int count = (int)Math.Min(samples.SampleCount, SamplesPerProbe);
        using var recording = enable_grad();
        for (int p = 0; p < probes; p++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var generator = RandomStreams.Create(seed, RandomStreams.Purpose.Noise, p);
            var places = count == samples.SampleCount
                ? samples.Coordinates
                : samples.CoordinatesAt(randint(0, samples.SampleCount, [count], dtype: int64, device: CPU, generator: generator));
            var leaves = parameters.Map((spec, t) => t.detach().clone().requires_grad_(spec.Role != ParameterRole.Structure));
            var values = target.Evaluate(leaves, places.to(ScalarType.Float32));
            var signs = randint(0, 2, values.shape, dtype: ScalarType.Float32, device: CPU, generator: generator).mul(2).sub(1);
            var inputs = wanted.Select(i => leaves[i]).ToArray();
            if (!values.requires_grad)
                break;
            var gradients = torch.autograd.grad([(values * signs).sum()], inputs, allow_unused: true);
            for (int k = 0; k < wanted.Length; k++)
            {
                if (gradients[k] is null || gradients[k].IsInvalid)
                    continue;
                var sum = sums[wanted[k]] ??= new double[parameters.Layout[wanted[k]].Count];
                var slopes = gradients[k].contiguous().data<float>();
                int at = 0;
                foreach (float slope in slopes)
                    sum[at++] += (double)slope * slope;
            }
        }

        double scale = 1.0 / ((double)probes * count * target.OutputDimension);
        return [.. sums.Select(s => s is null ? null : Array.ConvertAll(s, x => (float)(x * scale)))];
    }
}
