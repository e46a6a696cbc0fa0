namespace Inr.Examples;

/// <summary>A fitter of your own in one file: it tries random changes of θ and keeps those that help. No gradient is needed.</summary>
public sealed class HillClimber(ITrainableTarget target, int trials, double step, long seed = 0) : ISignalFitter
{
    public ITargetFunction Target => target;

    public FitResult Fit(Signal context, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator((ulong)seed);
        var loss = new Losses.LossFunction(target);
        var samples = Losses.LossSamples.Of(context);
        var best = target.Initialize(generator);
        // A trial is short: the token is asked between two of them.
        double least = loss.ValueOf(best, samples, cancellationToken: CancellationToken.None).item<double>();
        var status = FitStatus.Completed;
        int done = 0;
        for (; done < trials && status == FitStatus.Completed; done++)
        {
            using var trial = NewDisposeScope();
            var changed = best.Map((spec, t) => spec.IsTrainable ? t + (randn(t.shape, dtype: t.dtype, generator: generator) * step) : t.alias());
            double value = loss.ValueOf(changed, samples, cancellationToken: CancellationToken.None).item<double>();
            if (value < least)
                (best, least) = (changed.MoveToOuterDisposeScope(), value);
            progress?.Report(new FitProgress(done + 1, trials, least, clock.Elapsed));
            if (cancellationToken.IsCancellationRequested)
                status = FitStatus.Cancelled;
        }

        return new FitResult
        {
            Representation = new ImplicitRepresentation(target, best, context.Domain) { Format = context.Format },
            Status = status,
            Message = $"{done} trials.",
            Steps = done,
            Loss = least,
            Elapsed = clock.Elapsed,
        };
    }

    public void Dispose()
    {
        // Nothing is kept between two fits.
    }
}
