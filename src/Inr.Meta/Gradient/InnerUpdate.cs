namespace Inr.Meta;

/// <summary>The second axis of the family: how the inner loop turns a gradient into a direction.</summary>
public enum InnerUpdate
{
    /// <summary>The gradient itself.</summary>
    Sgd,

    /// <summary>Heavy-ball momentum.</summary>
    Momentum,

    /// <summary>Adam, differentiated through like the others.</summary>
    Adam,
}
