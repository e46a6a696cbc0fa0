using System.Diagnostics;
using Inr.Losses;

namespace Inr.Evaluation;

/// <summary>Fits one signal and takes all measures of the result.</summary>
internal sealed class SignalMeasurement
{
    // A render of some seconds varies little, and three of them would cost more than many a fit.
    private const double EnoughSeconds = 3;

    private readonly ISignalFitter _fitter;
    private readonly Signal _signal;
    private readonly string _name;
    private readonly EvaluationOptions _options;
    private readonly CancellationToken _cancellation;

    public SignalMeasurement(ISignalFitter fitter, Signal signal, string name, EvaluationOptions options, CancellationToken cancellation)
    {
        _fitter = fitter;
        _signal = signal;
        _name = name;
        _options = options;
        _cancellation = cancellation;
    }

    private int[] Grid => [.. _signal.Domain.GridShape];

    /// <summary>Fits that no time counts.</summary>
    public void WarmUp()
    {
        if (_options.WarmUpFits == 0)
            return;
        var (context, query) = _options.Context.Draw(_signal, _options.Seed);
        query?.Dispose();
        using (context)
        {
            for (int i = 0; i < _options.WarmUpFits; i++)
                Fit(context, null).Result.Dispose();
        }
    }

    /// <summary>Fits the signal and measures.</summary>
    /// <returns>The row, and the result of the first fit, which the caller owns.</returns>
    /// <exception cref="OperationCanceledException">The caller ended the fit.</exception>
    public (EvaluationRow Row, FitResult Result) Take(IProgress<FitProgress>? progress)
    {
        using var scope = NewDisposeScope();
        var (context, query) = _options.Context.Draw(_signal, _options.Seed);
        using (context)
        using (query)
        {
            var (result, seconds) = Fit(context, progress);
            try
            {
                double[] timings = [seconds, .. FitAgain(context)];
                return (Describe(result, timings, context.SampleCount, query), result);
            }
            catch
            {
                result.Dispose();
                throw;
            }
        }
    }

    private List<double> FitAgain(Signal context)
    {
        var timings = new List<double>();
        for (int i = 1; i < _options.FitRepeats; i++)
        {
            var (result, seconds) = Fit(context, null);
            result.Dispose();
            timings.Add(seconds);
        }

        return timings;
    }

    private (FitResult Result, double Seconds) Fit(Signal context, IProgress<FitProgress>? progress)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        if (_options.FitTimeLimit is { } time)
            limit.CancelAfter(time);
        var clock = Stopwatch.StartNew();
        var result = FitWithin(context, progress, limit.Token);
        Await(result.Representation.Parameters.Device);
        double seconds = clock.Elapsed.TotalSeconds;
        if (!_cancellation.IsCancellationRequested)
            return (result, seconds);
        result.Dispose();
        throw new OperationCanceledException(_cancellation);
    }

    private FitResult FitWithin(Signal context, IProgress<FitProgress>? progress, CancellationToken limit)
    {
        try
        {
            return _fitter.Fit(context, progress, limit);
        }
        catch (OperationCanceledException e) when (!_cancellation.IsCancellationRequested)
        {
            throw new InrException($"The fit had nothing to show after {_options.FitTimeLimit?.TotalSeconds:0.##} s: allow it more time.", e);
        }
    }

    private EvaluationRow Describe(FitResult result, double[] timings, long contextSamples, Signal? query)
    {
        var representation = result.Representation;
        _cancellation.ThrowIfCancellationRequested();
        bool isImage = _signal.Domain.GridShape.Count == 2;
        var (metrics, renderSeconds) = Judge(representation);
        return new EvaluationRow
        {
            Signal = _name,
            Key = SignalKey.Of(_signal),
            Samples = _signal.SampleCount,
            ContextSamples = contextSamples,
            Floats = representation.FloatCount,
            Bits = representation.BitCount,
            StoredBytes = StoredBytes(representation),
            Psnr = RequireNumber(metrics.Psnr),
            Psnr8 = isImage ? metrics.Psnr8 : null,
            Ssim = metrics.Ssim,
            HeldOutPsnr = query is null ? null : HeldOut.Psnr(representation, query, _options.Observation),
            ContextPsnr = double.IsNaN(result.Psnr) ? null : result.Psnr,
            FitSeconds = new Distribution(timings).Median,
            FitTimings = timings,
            SpentSeconds = result.Spent?.TotalSeconds,
            RenderSeconds = renderSeconds,
            PointSeconds = RandomAccess(representation),
            FlopsPerSample = FlopCount.PerSample(representation.Target, representation.Parameters),
            Steps = result.Steps,
            Status = result.Status,
            Device = representation.Parameters.Device.ToString(),
            Threads = TorchRuntime.Threads,
            Seed = _options.Seed,
        };
    }

    private (SignalMetrics Metrics, double? Seconds) Judge(ImplicitRepresentation representation)
    {
        if (!_signal.Domain.IsGrid || !ReferenceEquals(_options.Observation, Observation.Field))
            return (SignalMetrics.Of(_signal, representation, observation: _options.Observation), null);
        SignalMetrics metrics;
        using (var rendered = representation.Render(Grid))
        using (var reference = _signal.To(CPU))
            metrics = SignalMetrics.Of(reference, rendered);
        return (metrics, Time(() => representation.Render(Grid).Dispose(), representation));
    }

    private double? RandomAccess(ImplicitRepresentation representation)
    {
        if (_options.RandomAccessSamples == 0)
            return null;
        using var scope = NewDisposeScope();
        using var generator = new Generator(unchecked((ulong)_options.Seed));
        var parameters = representation.Parameters;
        var points = (rand([_options.RandomAccessSamples, representation.Target.InputDimension], dtype: float32, device: CPU, generator: generator) * 2 - 1)
            .to(parameters.ScalarType).to(parameters.Device);
        return Time(() => representation.Evaluate(points).Dispose(), representation, isWarm: false) / _options.RandomAccessSamples;
    }

    // The median time of an action; the render that judges has warmed renders up.
    private double? Time(Action action, ImplicitRepresentation representation, bool isWarm = true)
    {
        if (_options.RenderRepeats == 0)
            return null;
        var device = representation.Parameters.Device;
        if (!isWarm)
            action();
        var timings = new List<double>();
        while (timings.Count < _options.RenderRepeats && timings.Sum() < EnoughSeconds)
        {
            _cancellation.ThrowIfCancellationRequested();
            Await(device);
            var clock = Stopwatch.StartNew();
            action();
            Await(device);
            timings.Add(clock.Elapsed.TotalSeconds);
        }

        return new Distribution(timings).Median;
    }

    // A GPU works on after a call has returned.
    private static void Await(Device device)
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize(device);
    }

    private static long StoredBytes(ImplicitRepresentation representation)
    {
        using var stream = new MemoryStream();
        representation.Save(stream);
        return stream.Length;
    }

    private static double RequireNumber(double psnr) =>
        double.IsNaN(psnr) ? throw new InrException("The fitted function yields numbers that are not finite.") : psnr;
}
