using System.Diagnostics;

namespace Inr.Evaluation;

/// <summary>Fits every signal of a data set and measures size, time and quality: the same for any fitter, meta-learners included.</summary>
/// <remarks>
/// A signal that cannot be read or fitted is reported in the result and does not stop the rest. With a
/// <see cref="EvaluationOptions.Store"/>, finished signals are not fitted again; a store that cannot keep a row ends the
/// evaluation with its own exception. Everything runs on the calling thread.
/// </remarks>
public static class Evaluator
{
    /// <summary>Evaluates a fitter.</summary>
    /// <param name="fitter">The fitter; the caller keeps it.</param>
    /// <param name="signals">The signals to fit.</param>
    /// <param name="options">What to measure; the defaults otherwise.</param>
    /// <param name="progress">Told where the evaluation stands, on the calling thread.</param>
    /// <param name="cancellationToken">Ends it; the signals that are finished are returned, an unfinished fit is not.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static EvaluationResult Run(ISignalFitter fitter, ISignalDataset signals, EvaluationOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fitter);
        return new Pass(signals, _ => fitter, false, options, progress, cancellationToken).Execute();
    }

    /// <summary>Evaluates fitters that are made for each signal, where its size decides what a budget buys.</summary>
    /// <param name="createFitter">Makes the fitter of a signal, which is disposed of after it. It sees the whole signal; a failure is that of the signal.</param>
    /// <param name="signals">The signals to fit.</param>
    /// <param name="options">What to measure; the defaults otherwise.</param>
    /// <param name="progress">Told where the evaluation stands, on the calling thread.</param>
    /// <param name="cancellationToken">Ends it; the signals that are finished are returned, an unfinished fit is not.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static EvaluationResult Run(Func<Signal, ISignalFitter> createFitter, ISignalDataset signals, EvaluationOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(createFitter);
        return new Pass(signals, createFitter, true, options, progress, cancellationToken).Execute();
    }

    /// <summary>The bookkeeping of one evaluation.</summary>
    private sealed class Pass
    {
        private readonly ISignalDataset _signals;
        private readonly Func<Signal, ISignalFitter> _fitterFor;
        private readonly bool _ownsFitters;
        private readonly EvaluationOptions _options;
        private readonly IProgress<EvaluationProgress>? _progress;
        private readonly CancellationToken _cancellation;
        private readonly List<EvaluationRow> _rows = [];
        private readonly List<EvaluationFailure> _failures = [];
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private int _resumed;
        private bool _isWarm;

        public Pass(ISignalDataset signals, Func<Signal, ISignalFitter> fitterFor, bool ownsFitters, EvaluationOptions? options, IProgress<EvaluationProgress>? progress, CancellationToken cancellation)
        {
            ArgumentNullException.ThrowIfNull(signals);
            _signals = signals;
            _fitterFor = fitterFor;
            _ownsFitters = ownsFitters;
            _options = options ?? new EvaluationOptions();
            _options.Validate();
            _progress = progress;
            _cancellation = cancellation;
        }

        public EvaluationResult Execute()
        {
            bool ended = false;
            for (int i = 0; i < _signals.Count && !ended; i++)
                ended = _cancellation.IsCancellationRequested || !Evaluate(i);
            return new EvaluationResult
            {
                Rows = _rows,
                Failures = _failures,
                Planned = _signals.Count,
                Resumed = _resumed,
                IsCancelled = ended,
            };
        }

        // False where the caller ended the work before the signal was finished.
        private bool Evaluate(int index)
        {
            string name = _signals.GetName(index);
            FitResult? fresh = null;
            try
            {
                EvaluationRow row;
                using (var signal = _signals.Load(index))
                {
                    if (_options.Store?.Find(SignalKey.Of(signal)) is { } stored)
                    {
                        _resumed++;
                        row = stored;
                    }
                    else
                    {
                        (row, fresh) = Measure(signal, name);
                    }
                }

                Keep(row, fresh);
                return true;
            }
            catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
            {
                return false;
            }
            catch (SignalLoadException e)
            {
                Fail(name, e, isUnreadable: true);
                return true;
            }
            // Whatever goes wrong with one signal, native failures included, must not cost the results of the others; a
            // store that cannot keep a result would cost them all.
            catch (Exception e) when (fresh is null)
            {
                (e as DivergedException)?.LastGood?.Dispose();
                Fail(name, e, isUnreadable: false);
                return true;
            }
            finally
            {
                fresh?.Dispose();
            }
        }

        private (EvaluationRow Row, FitResult Result) Measure(Signal signal, string name)
        {
            var fitter = _fitterFor(signal);
            try
            {
                var measurement = new SignalMeasurement(fitter, signal, name, _options, _cancellation);
                if (!_isWarm)
                    measurement.WarmUp();
                _isWarm = true;
                return measurement.Take(new FitListener(this, name));
            }
            finally
            {
                if (_ownsFitters)
                    fitter.Dispose();
            }
        }

        private void Keep(EvaluationRow row, FitResult? fresh)
        {
            if (fresh is not null)
                _options.Store?.Add(row, fresh.Representation);
            Finish(row);
        }

        private void Finish(EvaluationRow row)
        {
            _rows.Add(row);
            _progress?.Report(Where(row.Signal) with { Row = row });
        }

        private void Fail(string name, Exception failure, bool isUnreadable)
        {
            var reason = new EvaluationFailure(name, Line(failure), isUnreadable);
            _failures.Add(reason);
            _progress?.Report(Where(name) with { Failure = reason });
        }

        // "… (Parameter 'x')" is of use to the caller of the fitter only.
        private static string Line(Exception failure)
        {
            string message = failure.Message.ReplaceLineEndings(" ");
            return failure is ArgumentException { ParamName: { Length: > 0 } name } ? message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : message;
        }

        private EvaluationProgress Where(string signal) =>
            new(_rows.Count + _failures.Count, _signals.Count, signal, _clock.Elapsed) { Resumed = _resumed };

        /// <summary>Passes on where a fit stands.</summary>
        private sealed class FitListener(Pass pass, string signal) : IProgress<FitProgress>
        {
            public void Report(FitProgress value) => pass._progress?.Report(pass.Where(signal) with { Fit = value });
        }
    }
}
