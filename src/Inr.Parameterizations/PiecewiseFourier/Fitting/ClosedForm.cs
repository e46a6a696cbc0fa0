namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>One closed-form fit of one signal: it runs to its end, or shows what it has when its caller ends it.</summary>
internal abstract class ClosedForm
{
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    protected ClosedForm(FitMonitor monitor)
    {
        Monitor = monitor;
    }

    /// <summary>What the fit and its caller tell each other.</summary>
    protected FitMonitor Monitor { get; }

    /// <summary>Fits a signal.</summary>
    /// <param name="context">The signal: its domain, and how its file stores it.</param>
    /// <returns>The result: completed, or cancelled with the best state so far. There always is one.</returns>
    public FitResult Fit(Signal context)
    {
        using var scope = NewDisposeScope();
        Solution solution;
        var status = FitStatus.Completed;
        try
        {
            solution = Run();
        }
        catch (OperationCanceledException) when (Monitor.Cancellation.IsCancellationRequested)
        {
            solution = BestSoFar();
            status = FitStatus.Cancelled;
        }

        var representation = new ImplicitRepresentation(solution.Target, solution.Parameters, context.Domain) { Format = context.Format };
        if (status == FitStatus.Completed)
            Monitor.Finish(solution.Loss);
        return new FitResult
        {
            Representation = representation,
            Status = status,
            Message = status == FitStatus.Completed ? solution.Message : $"Cancelled. {solution.Message}",
            Steps = 0,
            Loss = solution.Loss,
            Elapsed = Monitor.Elapsed,
        };
    }

    /// <summary>Solves.</summary>
    /// <exception cref="OperationCanceledException">The caller ended the fit.</exception>
    protected abstract Solution Run();

    /// <summary>The best state of a run that was ended; takes a moment only, and looks at no token.</summary>
    protected abstract Solution BestSoFar();

    /// <summary>What a fit gives.</summary>
    /// <param name="Target">The function.</param>
    /// <param name="Parameters">Its θ.</param>
    /// <param name="Loss">The mean squared error over all samples and channels.</param>
    /// <param name="Message">A sentence for a person.</param>
    internal sealed record Solution(ITargetFunction Target, ParameterSet Parameters, double Loss, string Message);
}
