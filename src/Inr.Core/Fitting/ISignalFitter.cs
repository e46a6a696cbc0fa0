namespace Inr;

/// <summary>An algorithm that yields θ for one signal: gradient descent, a closed form, or the adaptation of a learned prior.</summary>
public interface ISignalFitter : IDisposable
{
    /// <summary>The target function that results use; null where each fit builds its own structure.</summary>
    ITargetFunction? Target { get; }

    /// <summary>Fits a signal.</summary>
    /// <param name="context">The samples to fit; the caller keeps them.</param>
    /// <param name="progress">Told now and then where the fit stands.</param>
    /// <param name="cancellationToken">Ends the fit within a step; the best state so far is returned.</param>
    /// <returns>The result; the caller owns it.</returns>
    /// <exception cref="ArgumentException">The signal does not fit the target function.</exception>
    /// <exception cref="DivergedException">The loss became NaN or infinite; the exception keeps the last good state.</exception>
    FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default);
}
