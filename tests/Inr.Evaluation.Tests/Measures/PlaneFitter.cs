namespace Inr.Tests;

/// <summary>A fitter whose answer is always the plane f(row, column) = row + column, so that every error is known.</summary>
internal sealed class PlaneFitter : ISignalFitter
{
    /// <summary>What happens before the answer.</summary>
    public Action<Signal, CancellationToken> Before { get; init; } = (_, _) => { };

    /// <summary>The samples that each fit saw.</summary>
    public List<long> Seen { get; } = [];

    public ITargetFunction? Target { get; } = new PlaneTarget(2, 1);

    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Seen.Add(context.SampleCount);
        Before(context, cancellationToken);
        var representation = new ImplicitRepresentation(Target!, Target!.Initialize(), context.Domain);
        using var estimate = representation.Evaluate(context.Coordinates);
        return new FitResult
        {
            Representation = representation,
            Status = cancellationToken.IsCancellationRequested ? FitStatus.Cancelled : FitStatus.Completed,
            Message = "done",
            Steps = 7,
            Loss = Math.Pow(10, -Psnr.Of(context.Values, estimate) / 10),
            Elapsed = TimeSpan.Zero,
        };
    }

    public void Dispose()
    {
    }
}
