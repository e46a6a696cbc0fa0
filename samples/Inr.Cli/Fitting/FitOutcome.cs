using Inr.Cli.Output;
using Inr.Evaluation;

namespace Inr.Cli.Fitting;

/// <summary>A fitted signal, its render at the signal's own size, and the measures.</summary>
/// <param name="Result">The fit.</param>
/// <param name="Render">The render; null where a fit was cancelled and nobody waits for more than its state.</param>
/// <param name="Row">The measures.</param>
internal sealed record FitOutcome(FitResult Result, Signal? Render, ReportRow Row) : IDisposable
{
    /// <summary>The render.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Signal Rendered => Render ?? throw new InvalidOperationException("A cancelled fit was not rendered.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Render?.Dispose();
        Result.Dispose();
    }
}
