namespace Inr.Evaluation;

/// <summary>What may be chosen about any target function and its fit; null means the default of the family.</summary>
public sealed record TargetSettings
{
    /// <summary>The most numbers that the representation may store.</summary>
    public long? Floats { get; init; }

    /// <summary>Gradient steps.</summary>
    public int? Steps { get; init; }

    /// <summary>The time of the gradient steps in seconds, in place of their number: processor time of all threads divided by their number; of the wall clock on a GPU.</summary>
    public double? Seconds { get; init; }

    /// <summary>The base learning rate.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The width of hidden layers.</summary>
    public int? Width { get; init; }

    /// <summary>The number of layers in all, the output layer included.</summary>
    public int? Depth { get; init; }

    /// <summary>ω₀ of the first layer of a SIREN.</summary>
    public double? Omega { get; init; }

    /// <summary>The quality of a coded signal, 0 to 100. Of this and the next three at most one is set; a budget of floats is then not used.</summary>
    public double? Quality { get; init; }

    /// <summary>The most bits of the file for each sample.</summary>
    public double? BitsPerSample { get; init; }

    /// <summary>The most bytes of the file.</summary>
    public long? FileBytes { get; init; }

    /// <summary>The least PSNR in dB.</summary>
    public double? Psnr { get; init; }

    /// <summary>Threads of the fit.</summary>
    public int? Threads { get; init; }

    /// <summary>Samples of a step, drawn at random; 0 for all.</summary>
    public int? Batch { get; init; }

    /// <summary>Whether gradient fits solve the linear part of the target at each step.</summary>
    public bool SolvesLinear { get; init; }

    /// <summary>Whether the samples carry noise that the fit should not follow.</summary>
    public bool IsNoisy { get; init; }

    /// <summary>The grid that scattered samples were taken from; null where they fill one, or are of none.</summary>
    public IReadOnlyList<int>? SampleGrid { get; init; }
}
