namespace Inr.Meta;

/// <summary>Which of its context's samples an inner step uses.</summary>
public enum ContextSelection
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>A share drawn at random, anew for each step.</summary>
    Random,

    /// <summary>The share with the largest gradient of the last layer, for each signal and step: GradNCP's pruning.</summary>
    LargestGradient,
}
