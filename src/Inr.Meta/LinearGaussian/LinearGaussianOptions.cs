namespace Inr.Meta;

/// <summary>How a <see cref="LinearGaussianLearner"/> learns and adapts.</summary>
public sealed record LinearGaussianOptions
{
    /// <summary>Principal components n: the numbers of a signal. Where the signals support fewer, training keeps those.</summary>
    /// <value>The default is 512; from 1 to 65,536.</value>
    public int Components { get; init; } = 512;

    /// <summary>The axis along which mirrored signals are as likely as they are; training then learns from both.</summary>
    /// <value>The default is null: none. Faces have 1, the axis of columns. It needs features that a mirror only changes in sign.</value>
    public int? MirrorAxis { get; init; }

    /// <summary>The standard deviation of the noise on the samples that the learner adapts to, and of those that it is trained on by expectation-maximization.</summary>
    /// <value>The default is null: adaptation chooses it for each signal by the evidence.</value>
    public double? Noise { get; init; }

    /// <summary>Rounds of expectation-maximization, for signals that do not share one grid.</summary>
    /// <value>The default is 24; at least 1.</value>
    public int Rounds { get; init; } = 24;

    /// <summary>The grid on which expectation-maximization completes signals.</summary>
    /// <value>The default is null: the frequencies of a cosine expansion, else 32 samples on each axis.</value>
    public IReadOnlyList<int>? Lattice { get; init; }

    /// <summary>The seed of what is drawn.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }
}
