namespace Inr.Structure;

/// <summary>When weights are pruned in the course of a training, and how many stay: a dense start, rounds that keep the same share each, and a rest without pruning.</summary>
public sealed record PruningSchedule
{
    /// <summary>The share of the weights that live in the end.</summary>
    /// <value>Above 0 and at most 1; 0.1 by default.</value>
    public double Density { get; init; } = 0.1;

    /// <summary>The rounds; each keeps <c>Density^(1/Rounds)</c> of what lives.</summary>
    /// <value>The default is 10; 1 to 1,000. One is pruning at once.</value>
    public int Rounds { get; init; } = 10;

    /// <summary>The step of the first round, as a share of all steps: the dense warm-up ends there.</summary>
    /// <value>The default is 0.2; in [0,1).</value>
    public double From { get; init; } = 0.2;

    /// <summary>The step of the last round, as a share of all steps; what is left goes on with the mask as it is.</summary>
    /// <value>The default is 0.7; from <see cref="From"/> on and below 1.</value>
    public double To { get; init; } = 0.7;

    /// <summary>What weights are compared with.</summary>
    /// <value>The default is <see cref="PruningRanking.Global"/>, the published rule.</value>
    public PruningRanking Ranking { get; init; }

    /// <summary>Whether weights go at random, which is what a rule has to beat.</summary>
    /// <value>The default is false: the smallest go.</value>
    public bool AtRandom { get; init; }

    /// <summary>The step before which the last round is pruned: from there on the mask stays.</summary>
    /// <param name="steps">All steps of the training.</param>
    public int LastRound(int steps) => StepOf(Rounds - 1, steps);

    /// <summary>How many rounds are pruned before a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps of the training.</param>
    public int RoundsBefore(int step, int steps)
    {
        int count = 0;
        for (int round = 0; round < Rounds; round++)
            count += StepOf(round, steps) == step ? 1 : 0;
        return count;
    }

    /// <summary>A mask after one more round.</summary>
    /// <param name="mask">The mask before it; the caller keeps it.</param>
    /// <param name="parameters">θ at that time.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="seed">Seeds what goes at random.</param>
    /// <returns>The caller owns it.</returns>
    public ParameterMask Prune(ParameterMask mask, ParameterSet parameters, int round, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(mask);
        // From the number that shall live after the round, so that roundings do not add up.
        double target = Math.Round(Math.Pow(Density, (round + 1.0) / Rounds) * mask.MaskedCount);
        double keep = Math.Clamp(target / mask.LiveCount, double.Epsilon, 1);
        if (!AtRandom)
            return mask.KeepLargest(parameters, keep, Ranking);
        using var generator = RandomStreams.Create(seed, RandomStreams.Purpose.Noise, round);
        return mask.KeepRandom(keep, generator);
    }

    /// <summary>Adds the rules of a schedule to those of the options that hold it.</summary>
    /// <param name="rules">Where faults are collected.</param>
    /// <returns>The rules.</returns>
    public OptionsRules Check(OptionsRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules
            .Require(Density is > 0 and <= 1, nameof(Density), Density, "is the share of weights that live: above 0 and at most 1")
            .InRange(Rounds, 1, 1_000)
            .Require(From is >= 0 and < 1, nameof(From), From, "is a share of the steps: at least 0 and below 1")
            .Require(To >= From && To < 1, nameof(To), To, "is a share of the steps, from From on and below 1: pruning that ends after the training leaves nothing to recover in")
            .Defined(Ranking);
    }

    private int StepOf(int round, int steps) =>
        (int)Math.Floor(steps * (Rounds == 1 ? From : From + ((To - From) * round / (Rounds - 1))));
}
