namespace Inr.Meta;

/// <summary>What an inner step leaves behind for the outer loop to differentiate.</summary>
internal enum StepGraph
{
    /// <summary>Nothing: adaptation.</summary>
    None,

    /// <summary>The move of φ with its step size; the gradient counts as a constant.</summary>
    FirstOrder,

    /// <summary>Everything, the gradient's own derivative included.</summary>
    Exact,
}
