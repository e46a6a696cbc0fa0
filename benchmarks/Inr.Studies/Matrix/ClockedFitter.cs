namespace Inr.Studies.Matrix;

/// <summary>Measures each fit of another fitter by the clock of the study.</summary>
/// <param name="inner">The fitter.</param>
/// <param name="clock">What <see cref="SpentTime"/> takes.</param>
/// <param name="seconds">Takes the seconds of each fit, warm-ups included.</param>
/// <param name="owns">Whether the fitter is disposed of with this object.</param>
internal sealed class ClockedFitter(ISignalFitter inner, string clock, List<double> seconds, bool owns) : ISignalFitter
{
    public ITargetFunction? Target => inner.Target;

    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var time = new SpentTime(clock);
        time.Start();
        var result = inner.Fit(context, progress, cancellationToken);
        seconds.Add(time.Seconds);
        return result;
    }

    public void Dispose()
    {
        if (owns)
            inner.Dispose();
    }
}
