namespace Inr;

/// <summary>A target function that knows a good learning rate for Adam.</summary>
public interface ISuggestsLearningRate
{
    /// <summary>The rate to start from when nobody chose one.</summary>
    double SuggestedLearningRate { get; }
}
