namespace Inr;

/// <summary>How the codes of a tensor are written.</summary>
internal enum CodedMode
{
    /// <summary>With one expected magnitude for the tensor: what suits the weights of a network.</summary>
    Even,

    /// <summary>With an expected magnitude from the neighbors of each: what suits coefficients that fall off, and structures.</summary>
    Local,

    /// <summary>The bits of the floats as they are.</summary>
    Raw,
}
