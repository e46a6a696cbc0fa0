namespace Inr.Studies.Matrix;

/// <summary>Ends each fit of another fitter after a time; the best state so far counts.</summary>
/// <param name="clock">A clock that has not run yet; one fit uses it.</param>
/// <param name="seconds">The time.</param>
/// <param name="inner">The fitter, which this object owns; it reports after every step.</param>
internal sealed class TimedFitter(SpentTime clock, double seconds, ISignalFitter inner) : ISignalFitter
{
    public ITargetFunction? Target => inner.Target;

    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        clock.Start();
        var result = inner.Fit(context, new Watch(this, stop, progress), stop.Token);
        clock.Stop();
        return result;
    }

    public void Dispose() => inner.Dispose();

    private double Left => seconds - clock.Seconds;

    private sealed class Watch(TimedFitter owner, CancellationTokenSource stop, IProgress<FitProgress>? progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            progress?.Report(value);
            if (owner.Left <= 0)
                stop.Cancel();
        }
    }
}
