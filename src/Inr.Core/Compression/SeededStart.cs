namespace Inr;

/// <summary>Initial parameters that whole-number arithmetic draws from a seed: a file that names the seed stores only how far a fit has moved from them.</summary>
/// <remarks>
/// Each tensor is even between bounds that give it the spread of the target's own initial parameters; a tensor that they leave constant stays so.
/// A fit from here is as good as from <see cref="ITrainableTarget.Initialize"/>, and a SIREN that is coded against it (<see cref="CompressionOptions.StartSeed"/>)
/// takes about a bit less for every weight, since most of a trained network is still its beginning.
/// </remarks>
public static class SeededStart
{
    /// <summary>The largest seed.</summary>
    public const int LargestSeed = 4095;

    // A tensor has the seed of the file times this, and its place in the layout.
    private const int TensorsPerSeed = 256;

    /// <summary>Draws an initial θ.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="seed">The seed, 0 to <see cref="LargestSeed"/>.</param>
    /// <returns>A set of float32 tensors on the CPU without a batch axis; the caller owns it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such seed.</exception>
    public static ParameterSet Draw(ITargetFunction target, int seed)
    {
        ArgumentNullException.ThrowIfNull(target);
        Require(seed, nameof(seed));
        using var generator = new Generator((ulong)seed);
        using var own = target.Initialize(generator);
        var starts = Of(own, seed);
        int next = 0;
        return own.Map((spec, t) => starts[next++] is { } start ? tensor(start.Numbers((int)spec.Count), [.. spec.Shape], device: CPU) : t.clone());
    }

    /// <summary>The start of each tensor of a target; null for one that is not random, or that no gradient moves.</summary>
    internal static CodedStart?[] Of(ITargetFunction target, int seed)
    {
        using var generator = new Generator((ulong)seed);
        using var own = target.Initialize(generator);
        return Of(own, seed);
    }

    internal static void Require(int seed, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seed, LargestSeed, name);
    }

    private static CodedStart?[] Of(ParameterSet own, int seed) =>
        [.. own.Layout.Select((spec, i) => spec.IsTrainable && i < TensorsPerSeed && BoundOf(own[i]) is { } bound ? new CodedStart((seed * TensorsPerSeed) + i, bound) : (CodedStart?)null)];

    // Even numbers between bounds have a root mean square of the bound by √3; few of them reach it nearly.
    private static CodedStep? BoundOf(Tensor tensor)
    {
        long count = tensor.numel();
        if (count is < 2 or > int.MaxValue)
            return null;
        float[] numbers = tensor.contiguous().data<float>().ToArray();
        double largest = numbers.Max(x => Math.Abs((double)x)), power = numbers.Average(x => (double)x * x);
        bool isConstant = numbers.All(x => x == numbers[0]);
        return isConstant ? null : CodedStep.Nearest(Math.Min(largest * (count + 1) / count, Math.Sqrt(3 * power)));
    }
}
