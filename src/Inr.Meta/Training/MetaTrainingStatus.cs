namespace Inr;

/// <summary>How a meta-training ended. A diverged one throws <see cref="DivergedException"/> instead.</summary>
public enum MetaTrainingStatus
{
    /// <summary>All steps were done.</summary>
    Completed,

    /// <summary>The time limit was reached first.</summary>
    TimeLimitReached,

    /// <summary>The caller cancelled; the weights are those of the last step.</summary>
    Cancelled,
}
