namespace Inr.Structure;

/// <summary>What the magnitude of a weight is compared with when some must go.</summary>
public enum PruningRanking
{
    /// <summary>All weights of all layers, as they are: the published rule. Layers that are drawn small, such as the hidden ones of a SIREN of large ω₀, are emptied first.</summary>
    Global,

    /// <summary>The weights of the same layer: each keeps the same share.</summary>
    PerLayer,

    /// <summary>All weights, each divided by the root mean square of its layer.</summary>
    Rescaled,
}
