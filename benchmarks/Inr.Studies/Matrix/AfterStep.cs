namespace Inr.Studies.Matrix;

/// <summary>Does something after every step of a training.</summary>
/// <param name="action">What to do.</param>
internal sealed class AfterStep(Action action) : IProgress<MetaTrainingProgress>
{
    public void Report(MetaTrainingProgress value) => action();
}
