namespace Inr;

/// <summary>What a parameter tensor does in its target function.</summary>
public enum ParameterRole
{
    /// <summary>A weight matrix of a dense layer.</summary>
    Weight,

    /// <summary>A bias of a dense layer.</summary>
    Bias,

    /// <summary>Coefficients of an expansion; the function is linear in them.</summary>
    Coefficient,

    /// <summary>The shape of a learnable set: angles, offsets, centres of an indicator function.</summary>
    Indicator,

    /// <summary>Frequencies of an encoding or a basis.</summary>
    Frequency,

    /// <summary>Whole numbers that describe a structure: tree codes, prefix lengths, indices. Each counts as one float.</summary>
    Structure,

    /// <summary>A latent that shifts or scales the layers of a shared network.</summary>
    Modulation,
}
