namespace Inr.Parameterizations;

/// <summary>How a block-cosine expansion is fitted.</summary>
public sealed record BlockCosineOptions
{
    /// <summary>The most numbers that a fit may store, every one counted; 60,000 by default, at least 2.</summary>
    public int FloatBudget { get; init; } = 60_000;

    /// <summary>The side of the blocks in samples; null tries 8 and 16 and keeps the better, the default.</summary>
    public int? BlockSide { get; init; }

    /// <summary>Whether one block covers the whole domain, as <c>global-cosine</c>; off by default.</summary>
    public bool Global { get; init; }
}
