using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>What a closed-form fit and its caller tell each other: where the fit stands, and whether to end it.</summary>
/// <remarks>
/// A fit is a row of stages, each with the share of the whole that is done at its end and a number of items. Progress goes
/// out in thousandths, a few times a second, from the thread that called the fit alone: listeners expect one thread. Every
/// item polls the token, and long items poll it inside.
/// </remarks>
internal sealed class FitMonitor
{
    /// <summary>What <see cref="FitProgress.TotalSteps"/> says: steps are thousandths of the work.</summary>
    public const int Steps = 1000;

    private readonly IProgress<FitProgress>? _progress;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly double _reportEvery;
    private double _from;
    private double _until;
    private long _items = 1;
    private long _done;
    private long _advances;
    private double _reported;

    /// <param name="threads">Threads of the fit; 0 for all of the machine.</param>
    /// <param name="progress">Told where the fit stands.</param>
    /// <param name="reportEvery">Seconds between two reports of one stage.</param>
    /// <param name="cancellation">Ends the fit.</param>
    public FitMonitor(int threads, IProgress<FitProgress>? progress = null, double reportEvery = 0.1, CancellationToken cancellation = default)
    {
        _reportEvery = reportEvery;
        _progress = progress;
        Cancellation = cancellation;
        Parallel = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellation };
    }

    /// <summary>Ends the fit.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The threads of the fit, and its token.</summary>
    public ParallelOptions Parallel { get; }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>The share of the whole fit that is done.</summary>
    public double Done => _from + ((_until - _from) * Math.Min(1, (double)Interlocked.Read(ref _done) / _items));

    /// <summary>The mean squared error of the best state so far; NaN until one is known. Nothing is reported before.</summary>
    public double Loss { get; set; } = double.NaN;

    /// <summary>How often a piece of work was said to be done: what tests look at.</summary>
    public long Advances => Interlocked.Read(ref _advances);

    /// <summary>Ends the fit where the caller asked for it.</summary>
    /// <exception cref="OperationCanceledException">The caller did.</exception>
    public void Poll() => Cancellation.ThrowIfCancellationRequested();

    /// <summary>Starts a stage.</summary>
    /// <param name="until">The share of the whole fit that is done when the stage is.</param>
    /// <param name="items">Its items.</param>
    public void Begin(double until, long items = 1)
    {
        Poll();
        Interlocked.Exchange(ref _done, 0);
        _from = _until;
        _until = Math.Max(until, _from);
        _items = Math.Max(1, items);
        Report();
    }

    /// <summary>Says that items of the stage are done; from any thread.</summary>
    public void Advance(long items = 1)
    {
        Poll();
        Interlocked.Increment(ref _advances);
        Interlocked.Add(ref _done, items);
        if (_progress is not null && Environment.CurrentManagedThreadId == _thread && _clock.Elapsed.TotalSeconds - _reported >= _reportEvery)
            Report();
    }

    /// <summary>Runs a stage of independent items on all threads.</summary>
    /// <param name="until">The share of the whole fit that is done when the stage is.</param>
    /// <param name="count">How many items.</param>
    /// <param name="body">Does one.</param>
    /// <exception cref="OperationCanceledException">The caller ended the fit.</exception>
    public void Stage(double until, int count, Action<int> body)
    {
        Begin(until, count);
        For(count, i =>
        {
            body(i);
            Advance();
        });
    }

    /// <summary>Runs independent items on all threads, without saying so.</summary>
    /// <exception cref="OperationCanceledException">The caller ended the fit.</exception>
    public void For(int count, Action<int> body)
    {
        try
        {
            System.Threading.Tasks.Parallel.For(0, count, Parallel, i =>
            {
                Poll();
                body(i);
            });
        }
        catch (AggregateException failures)
        {
            var all = failures.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Capture(all.FirstOrDefault(e => e is not OperationCanceledException) ?? all[0]).Throw();
        }
    }

    /// <summary>Says that the fit is over.</summary>
    public void Finish(double loss)
    {
        Loss = loss;
        (_from, _until) = (1, 1);
        Report();
    }

    private void Report()
    {
        if (_progress is null || double.IsNaN(Loss))
            return;
        _reported = _clock.Elapsed.TotalSeconds;
        _progress.Report(new FitProgress((int)(Steps * Done), Steps, Loss, _clock.Elapsed));
    }
}
