namespace Inr;

/// <summary>Fits that a caller awaits.</summary>
public static class SignalFitterExtensions
{
    /// <summary>Fits a signal on a thread of its own, as <see cref="ISignalFitter.Fit"/> does on the caller's.</summary>
    /// <param name="fitter">The fitter; the caller keeps it.</param>
    /// <param name="context">The samples to fit; the caller keeps them, at least until the task ends.</param>
    /// <param name="progress">Told on that thread; a <see cref="Progress{T}"/> passes it on to the context that it was made in.</param>
    /// <param name="cancellationToken">Ends the fit within a step.</param>
    /// <returns>The result; the caller owns it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled. A <see cref="FitCanceledException"/>, once the fit had begun, holds the best state so far.</exception>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite; the exception keeps the last good state.</exception>
    public static async Task<FitResult> FitAsync(this ISignalFitter fitter, Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fitter);
        ArgumentNullException.ThrowIfNull(context);
        cancellationToken.ThrowIfCancellationRequested();
        return await TorchThread.Run(() =>
        {
            var result = fitter.Fit(context, progress, cancellationToken);
            return result.Status == FitStatus.Cancelled ? throw new FitCanceledException(result, cancellationToken) : result;
        }).ConfigureAwait(false);
    }
}
