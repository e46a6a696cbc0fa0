namespace Inr;

/// <summary>What a network does to the affine map of its last layer.</summary>
public enum OutputMap
{
    /// <summary>Nothing but adding a constant: the function is linear in its last layer.</summary>
    Linear,

    /// <summary>The logistic sigmoid 1/(1 + e^−z): values in (0,1), and no closed form for the last layer.</summary>
    Sigmoid,
}
