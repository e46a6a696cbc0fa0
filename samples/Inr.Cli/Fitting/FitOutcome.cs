using Inr.Cli.Output;
using Inr.Evaluation;

namespace Inr.Cli.Fitting;

/// <summary>A fitted signal, its render at the signal's own size, and the measures.</summary>
internal sealed record FitOutcome(FitResult Result, Signal Rendered, ReportRow Row) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Rendered.Dispose();
        Result.Dispose();
    }
}
