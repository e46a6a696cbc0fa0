namespace Inr.Meta;

/// <summary>How the output x of the weight tokens turns the shared base weights w of a dense layer into those of one signal.</summary>
/// <remarks>
/// x has one column (of fan-in length) per token; the columns of a group share it. What is not a dense layer's weight
/// (coefficients, cuts, frequencies) has a number of its own for every entry and is generated as base + x under every
/// rule, except under <see cref="Scale"/>: base·(1 + x).
/// </remarks>
public enum WeightUpdateRule
{
    /// <summary>w∘x, then every neuron's incoming weights scaled to norm 1: Trans-INR (Chen and Wang, 2022).</summary>
    Normalize,

    /// <summary>w∘(1 + x): hyper-transforming latent diffusion models (2025).</summary>
    Scale,

    /// <summary>w + x.</summary>
    Add,

    /// <summary>w + x·U with a shared U of as many rows as tokens: after generalizable INRs by instance pattern composers (Kim et al., 2023), with a base.</summary>
    LowRank,
}
