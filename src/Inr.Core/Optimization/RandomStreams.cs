namespace Inr;

/// <summary>Random streams that depend on a seed, a purpose and a counter alone, so that a resumed run draws what an uninterrupted one would.</summary>
public static class RandomStreams
{
    /// <summary>What a stream is for; streams of different purposes are independent.</summary>
    public enum Purpose
    {
        /// <summary>The order of the signals in an epoch.</summary>
        Order = 1,

        /// <summary>The samples of context and query of a step.</summary>
        Samples = 2,

        /// <summary>Whatever the learner draws in a step.</summary>
        Learner = 3,

        /// <summary>The samples of an inner step.</summary>
        InnerStep = 4,

        /// <summary>The samples that a step of a fit draws.</summary>
        Minibatch = 5,

        /// <summary>What else a loss draws in a step, such as jittered points.</summary>
        Noise = 6,
    }

    /// <summary>A generator on the CPU; the caller owns it.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="purpose">What the stream is for.</param>
    /// <param name="counter">The step, the signal or whatever else tells one draw from another.</param>
    public static Generator Create(long seed, Purpose purpose, long counter) =>
        new(Mix(Mix(unchecked((ulong)seed) + (0x9E3779B97F4A7C15UL * (ulong)purpose)) ^ unchecked((ulong)counter)));

    // The finalizer of SplitMix64 (Steele, Lea, Flood 2014): neighbouring counters give unrelated seeds.
    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
