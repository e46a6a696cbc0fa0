using System.Diagnostics;

namespace Inr.Meta;

/// <summary>One training of a linear-Gaussian prior: signals of one grid are decomposed, others are completed first.</summary>
internal sealed class PriorTraining
{
    private const int BatchSize = 64;

    private readonly ILinearFeatures _target;
    private readonly ParameterSet _theta;
    private readonly LinearGaussianOptions _options;
    private readonly ISignalDataset _signals;
    private readonly MetaTrainingOptions _training;
    private readonly IProgress<MetaTrainingProgress>? _progress;
    private readonly CancellationToken _token;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<int, SkippedSignal> _skipped = [];
    private readonly List<MetaTrainingProgress> _history = [];

    public PriorTraining(ILinearFeatures target, ParameterSet theta, LinearGaussianOptions options, ISignalDataset signals, MetaTrainingOptions training, IProgress<MetaTrainingProgress>? progress, CancellationToken token)
    {
        _target = target;
        _theta = theta;
        _options = options;
        _signals = signals;
        _training = training;
        _progress = progress;
        _token = token;
    }

    /// <summary>Signals that were left out.</summary>
    public IReadOnlyList<SkippedSignal> Skipped => [.. _skipped.Values];

    /// <summary>Every report.</summary>
    public IReadOnlyList<MetaTrainingProgress> History => _history;

    /// <summary>Signals that were learned from.</summary>
    public int Count { get; private set; }

    /// <summary>How often the signals were gone through.</summary>
    public int Passes { get; private set; }

    /// <summary>Learns; null where it was cancelled.</summary>
    public (GaussianPrior Prior, SignalDomain Domain)? Run()
    {
        try
        {
            return OneGrid() is { } grid ? Aligned(grid) : Completed();
        }
        catch (OperationCanceledException) when (_token.IsCancellationRequested)
        {
            return null;
        }
    }

    // The grid of all signals, as far as the first few tell; null where they have none or differ.
    private SignalDomain? OneGrid()
    {
        const int looked = 8;
        SignalDomain? domain = null;
        for (int i = 0; i < Math.Min(_signals.Count, looked); i++)
        {
            using var signal = Load(i);
            if (signal is null)
                continue;
            if (!signal.Domain.IsGrid || (domain is not null && !domain.Equals(signal.Domain)))
                return null;
            domain = signal.Domain;
        }

        return domain;
    }

    private (GaussianPrior Prior, SignalDomain Domain) Aligned(SignalDomain grid)
    {
        using var space = new RowSpace(_target, _theta, grid.GridShape);
        long width = space.Width;
        double energy = 0;
        bool kept = (double)width * _signals.Count * sizeof(float) <= _training.CacheBytes;
        Tensor? rows = kept ? empty([_signals.Count, width], float32, _theta.Device) : null;
        bool first = true;

        // Each pass reads the files again; the first counts, measures and tells what is skipped.
        IEnumerable<Tensor> Read()
        {
            var batch = new List<Tensor>();
            for (int i = 0; i <= _signals.Count; i++)
            {
                _token.ThrowIfCancellationRequested();
                if (i < _signals.Count && Load(i) is { } signal)
                {
                    using (signal)
                    {
                        if (!signal.Domain.Equals(grid))
                            throw new ArgumentException($"'{_signals.GetName(i)}' is sampled on {signal.Domain}, the signals before it on {grid}. Resize them to one grid; or give scattered samples from the first one on, from which the prior is learned by completing them.");
                        batch.Add(signal.Values.to(float32, _theta.Device, copy: true).DetachFromDisposeScope());
                    }
                }

                if (batch.Count == 0 || (batch.Count < BatchSize && i < _signals.Count))
                    continue;
                using var scope = NewDisposeScope();
                var values = stack([.. batch]);
                batch.ForEach(t => t.Dispose());
                if (first)
                {
                    energy += values.square().sum(type: float64).item<double>() / grid.SampleCount;
                    Count += batch.Count;
                    Report(Math.Min(i, _signals.Count), _signals.Count, double.NaN);
                }

                batch.Clear();
                yield return space.Rows(values);
            }

            Passes++;
            first = false;
        }

        if (rows is not null)
        {
            long done = 0;
            foreach (var batch in Read())
            {
                rows.narrow(0, done, batch.shape[0]).copy_(batch);
                done += batch.shape[0];
            }

            RequireSome();
            rows = rows.narrow(0, 0, done);
        }

        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Learner, 0);
        var (mean, components, variances) = new PrincipalComponents(() => rows is null ? Read() : [rows], width, kept, Signs(), generator).Find(_options.Components);
        RequireSome();
        double rest = (energy / Count) - mean.square().sum(type: float64).item<double>() - variances.sum(type: float64).item<double>();
        return (Prior(space, mean, components, variances, Math.Max(rest, 0) / _target.OutputDimension), grid);
    }

    private (GaussianPrior Prior, SignalDomain Domain) Completed()
    {
        int[] lattice = [.. _options.Lattice ?? (_target is Parameterizations.CosineTarget cosine ? cosine.Frequencies : Enumerable.Repeat(32, _target.InputDimension))];
        using var space = new RowSpace(_target, _theta, lattice);
        using var samples = new LatticeSamples(lattice, _target.OutputDimension);
        for (int i = 0; i < _signals.Count; i++)
        {
            _token.ThrowIfCancellationRequested();
            using var signal = Load(i);
            if (signal is not null)
                samples.Add(signal);
        }

        Count = samples.Count;
        RequireSome();
        Passes = _options.Rounds;
        var completion = new PriorCompletion(samples, space, _options, Signs(), _theta.Device);
        for (int round = 0; round < _options.Rounds; round++)
        {
            _token.ThrowIfCancellationRequested();
            if (_training.TimeLimit is { } limit && _clock.Elapsed > limit && round > 0)
                break;
            double noise = completion.Round(round, _token);
            Report(round + 1, _options.Rounds, noise);
        }

        var (mean, components, variances, left) = completion.Result;
        return (Prior(space, mean, components, variances, left), SignalDomain.Grid(lattice));
    }

    private static GaussianPrior Prior(RowSpace space, Tensor mean, Tensor components, Tensor variances, double noise)
    {
        using var scope = NewDisposeScope();
        var basis = space.Coefficients(components).permute(1, 2, 0).contiguous();
        var level = full([1], noise, dtype: float32, device: mean.device);
        return new GaussianPrior(space.Coefficients(mean.unsqueeze(0))[0].clone(), basis, variances.clone(), level).Detach();
    }

    private Tensor? Signs()
    {
        if (_options.MirrorAxis is not { } axis)
            return null;
        using var signs = _target.ReflectionSigns(axis)!;
        return signs.to(_theta.Device).repeat_interleave(_target.OutputDimension);
    }

    private void RequireSome()
    {
        if (Count == 0)
            throw new InrException($"None of the {_signals.Count} signals can be read{(_skipped.Count == 0 ? "" : $"; the first failure: '{_skipped.Values.First().Name}': {_skipped.Values.First().Reason}")}.");
    }

    private Signal? Load(int index)
    {
        if (_skipped.ContainsKey(index))
            return null;
        try
        {
            var signal = _signals.Load(index);
            if (signal.InputDimension == _target.InputDimension && signal.Channels == _target.OutputDimension)
                return signal;
            using (signal)
                SignalMismatchException.ThrowIfOther(_target.InputDimension, _target.OutputDimension, signal.InputDimension, signal.Channels, $"'{_signals.GetName(index)}' has", "signals");
            return null;
        }
        catch (SignalLoadException e)
        {
            _skipped.Add(index, new SkippedSignal(_signals.GetName(index), e.Message));
            return null;
        }
    }

    private void Report(int step, int total, double loss)
    {
        var left = TimeSpan.FromTicks((long)(_clock.Elapsed.Ticks * ((double)total / Math.Max(step, 1) - 1)));
        var report = new MetaTrainingProgress(step, total, loss, _clock.Elapsed, left, null, []);
        _history.Add(report);
        _progress?.Report(report);
    }
}
