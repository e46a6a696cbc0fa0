namespace Inr;

/// <summary>How a fit ended. A diverged fit throws <see cref="DivergedException"/> instead.</summary>
public enum FitStatus
{
    /// <summary>All steps were done, or the closed form was solved.</summary>
    Completed,

    /// <summary>The target PSNR was reached before the last step.</summary>
    TargetReached,

    /// <summary>The caller cancelled; the result is the best state so far.</summary>
    Cancelled,

    /// <summary>The time that was allowed is over; the result is the best state so far.</summary>
    TimeLimitReached,
}
