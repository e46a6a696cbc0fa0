namespace Inr;

/// <summary>Fits that are awaited.</summary>
public static class SignalFitterExtensions
{
    /// <summary>Fits a signal on a thread of its own.</summary>
    /// <param name="fitter">The fitter; it must not be disposed of before the task has ended.</param>
    /// <param name="context">The samples to fit; the caller keeps them, until the task has ended.</param>
    /// <param name="progress">Told now and then where the fit stands, on the thread of the fit.</param>
    /// <param name="cancellationToken">Ends the fit within a step.</param>
    /// <returns>The result; the caller owns it.</returns>
    /// <exception cref="FitCanceledException">The token was cancelled; the exception has the best state so far. (Where there is none yet, <see cref="OperationCanceledException"/>.)</exception>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite; the exception keeps the last good state.</exception>
    public static Task<FitResult> FitAsync(this ISignalFitter fitter, Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fitter);
        ArgumentNullException.ThrowIfNull(context);
        return TorchThread.Run(() =>
        {
            var result = fitter.Fit(context, progress, cancellationToken);
            return result.Status == FitStatus.Cancelled ? throw new FitCanceledException(result, cancellationToken) : result;
        }, "Inr fit");
    }
}
