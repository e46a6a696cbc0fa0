using System.Diagnostics;
using System.Globalization;
using Inr.Files;
using Inr.Losses;

namespace Inr;

/// <summary>Finds the codes of a representation: the quality that meets the caller's target, without and with tuning.</summary>
internal sealed class Compressor : IDisposable
{
    private const int MostJudged = 1 << 16;
    private const int CoarsestQuality = 200;
    private const int FinestQuality = -400;
    private const int MostRounds = 6;
    private const int DefaultTuningSteps = 500;
    private const double DefaultLoss = 0.1;
    private const double DefaultPsnr = 50;

    private readonly ImplicitRepresentation _source;
    private readonly CompressionOptions _options;
    private readonly Signal _signal;
    private readonly List<Signal> _own = [];
    private readonly ParameterSet _parameters;
    private readonly Signal _judged;
    private readonly LossFunction _loss;
    private readonly CodeChooser _chooser;
    private readonly IProgress<FitProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly double _before;
    private readonly double? _limit;
    private readonly int _tuningSteps;

    public Compressor(ImplicitRepresentation source, CompressionOptions options, Signal? signal, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        new CompressionOptionsValidator().ThrowIfInvalid(options);
        Require(source, options, signal);
        _source = source;
        _options = options;
        _progress = progress;
        _cancellation = cancellationToken;
        _tuningSteps = options.TuningSteps ?? (signal is null ? 0 : DefaultTuningSteps);
        _parameters = source.Parameters.Map((_, t) => t.detach().to(ScalarType.Float32, CPU, copy: true).contiguous());
        _signal = signal is null ? Own(OwnSignal()) : signal.Values.IsOn(CPU) && signal.Values.dtype == ScalarType.Float32 ? signal : Own(signal.To(CPU, ScalarType.Float32));
        using (var generator = RandomStreams.Create(options.Seed, RandomStreams.Purpose.Samples, 0))
            _judged = _signal.SampleCount <= MostJudged ? _signal : Own(_signal.Select(randperm(_signal.SampleCount, dtype: int64, device: CPU, generator: generator).narrow(0, 0, MostJudged)));
        _loss = new LossFunction(source.Target);
        _before = ErrorOf(_parameters);
        _limit = LimitOf(signal is not null);
        float[][] numbers = [.. _parameters.Tensors.Select(t => t.numel() == 0 ? [] : t.data<float>().ToArray())];
        var sensitivities = Sensitivity.Of(source.Target, _parameters, _signal, options.Probes, options.Seed, cancellationToken);
        _chooser = new CodeChooser(source.Target.Layout, numbers, sensitivities, options.Probes, options.RateWeight, options.StartSeed is { } seed ? SeededStart.Of(source.Target, seed) : null);
    }

    /// <summary>Runs.</summary>
    /// <returns>The coded representation; the caller owns it.</returns>
    public ImplicitRepresentation Run()
    {
        var best = Search();
        if (_tuningSteps > 0)
            best = Tuned(best);
        return Representation(best.Group);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _own)
            signal.Dispose();
        _parameters.Dispose();
    }

    private Signal Own(Signal signal)
    {
        _own.Add(signal);
        return signal;
    }

    private static void Require(ImplicitRepresentation source, CompressionOptions options, Signal? signal)
    {
        if (signal is null && (options.LossDecibels is not null || options.TuningSteps > 0))
            throw new ArgumentException("LossDecibels and TuningSteps need the signal: pass it, or ask for Psnr, which without a signal compares with the function as it is.", nameof(signal));
        if (signal is not null && (signal.InputDimension != source.Target.InputDimension || signal.Channels != source.Target.OutputDimension))
            throw new ArgumentException($"The signal ({signal}) is none of a function of {source.Target.InputDimension} coordinates with {source.Target.OutputDimension} values.", nameof(signal));
        if (source.Target.Layout.Count == 0 || source.Target.Layout.FloatCount == 0)
            throw new InrException("There is nothing to compress: the function has no parameters.");
        if (options.BitsPerSample is not null && signal is null && !source.Domain.IsGrid)
            throw new ArgumentException("BitsPerSample needs a number of samples: the domain is scattered, so pass the signal or ask for FileBytes.", nameof(options));
    }

    // Without a signal the function itself is what is to be kept.
    private Signal OwnSignal()
    {
        if (_source.Domain.IsGrid)
            return _source.Render().To(ScalarType.Float32);
        using var generator = RandomStreams.Create(_options.Seed, RandomStreams.Purpose.Samples, 1);
        var places = rand([MostJudged, _source.Target.InputDimension], ScalarType.Float32, CPU, generator: generator).mul(2).sub(1);
        return new Signal(places, _source.Target.Evaluate(_parameters, places).detach());
    }

    private double? LimitOf(bool hasSignal)
    {
        if (_options.BitsPerWeight is not null || _options.BitsPerSample is not null || _options.FileBytes is not null)
            return null;
        if (_options.Psnr is null && hasSignal)
            return _before * Math.Pow(10, (_options.LossDecibels ?? DefaultLoss) / 10);
        double psnr = _options.Psnr ?? DefaultPsnr, limit = Math.Pow(10, -psnr / 10);
        return limit > _before
            ? limit
            : throw new InrException(string.Create(CultureInfo.InvariantCulture, $"A PSNR of {psnr:0.##} dB is out of reach: the function as it is has {Psnr.FromMeanSquaredError(_before):0.##} dB. Ask for less, or fit longer."));
    }

    private double ErrorOf(ParameterSet parameters)
    {
        using var scope = NewDisposeScope();
        return _loss.ValueOf(parameters, LossSamples.Of(_judged), cancellationToken: _cancellation).item<double>();
    }

    private ImplicitRepresentation Representation(CodedGroup group) =>
        new(_source.Target, new StoredParameters(_source.Target.Layout, group.Storages()), _source.Domain, _source.Parameters.Device) { Format = _source.Format };

    private CodedDraft Draft(int quality, float[][]? places = null)
    {
        _cancellation.ThrowIfCancellationRequested();
        var group = CodedGroup.Of(_chooser.Choose(quality, places));
        using var representation = Representation(group);
        double error = _limit is null && places is null ? double.NaN : ErrorOf(representation.Parameters);
        using var file = new MemoryStream();
        representation.Save(file);
        return new CodedDraft(quality, group, error, file.Length);
    }

    // A finer one always meets a limit of the error, a coarser one always one of the size.
    private bool Meets(CodedDraft draft)
    {
        if (_limit is { } limit)
            return draft.Error <= limit;
        if (_options.BitsPerWeight is { } bits)
            return 8.0 * draft.Group.Bytes.Length / _source.Target.Layout.FloatCount <= bits;
        long samples = _source.Domain.IsGrid ? _source.Domain.SampleCount : _signal.SampleCount;
        return draft.FileBytes <= (_options.FileBytes ?? _options.BitsPerSample!.Value * samples / 8);
    }

    // The coarsest that is exact enough, or the finest that is small enough.
    private CodedDraft Search()
    {
        int towards = _limit is null ? -1 : 1, at = _limit is { } limit ? Guess(limit - _before) : 0, span = 4;
        var draft = Draft(at);
        var (best, good, bad) = Meets(draft) ? (draft, at, (int?)null) : ((CodedDraft?)null, 0, (int?)at);
        while (best is null || bad is null)
        {
            at += best is null ? -towards * span : towards * span;
            span *= 2;
            if (at is > CoarsestQuality or < FinestQuality)
            {
                if (best is not null)
                    return best;
                throw new InrException(_limit is null
                    ? $"No file is as small as that: the smallest has {Draft(CoarsestQuality).FileBytes} bytes, {Draft(CoarsestQuality).Group.Bytes.Length} of them codes."
                    : "No codes are as exact as that: the error that is asked for is below what steps can reach.");
            }

            draft = Draft(at);
            if (Meets(draft))
                (best, good) = (draft, at);
            else
                bad = at;
        }

        while (Math.Abs(bad.Value - good) > 1)
        {
            at = (good + bad.Value) / 2;
            draft = Draft(at);
            if (Meets(draft))
                (best, good) = (draft, at);
            else
                bad = at;
        }

        return best;
    }

    // D = N·c²/12 at steps of c/√h.
    private int Guess(double error) => (int)Math.Clamp(Math.Round(CodedStep.PerOctave * 0.5 * Math.Log2(Math.Max(12 * error / _chooser.Weights, 1e-30))), FinestQuality, CoarsestQuality);

    // Tuning makes up for about a bit; from there on in halves of what is left to try.
    private CodedDraft Tuned(CodedDraft start)
    {
        var tuner = new CodeTuner(_source.Target, _signal, _options, _chooser);
        var clock = Stopwatch.StartNew();
        int done = 0, rounds = _limit is null ? 1 : MostRounds;
        void Told(double loss) => _progress?.Report(new FitProgress(++done, Math.Max(done, rounds * _tuningSteps), loss, clock.Elapsed));
        int quality = start.Quality + (_limit is null ? 0 : CodedStep.PerOctave);
        int? good = _limit is null ? null : start.Quality, bad = null;
        CodedDraft? best = null;
        for (int round = 0; round < MostRounds; round++)
        {
            CodedStep[] steps = [.. Enumerable.Range(0, _source.Target.Layout.Count).Select(i => _chooser.StepOf(i, quality))];
            float[][] places = [.. steps.Select((s, i) => _chooser.PlacesOf(i, s))];
            var draft = Draft(quality, tuner.Tune(_parameters, places, steps, quality, _tuningSteps, Told, _cancellation));
            if (Meets(draft))
            {
                best = draft;
                good = quality;
                if (_limit is null)
                    break;
            }
            else if (_limit is null)
            {
                // Numbers that moved may take a byte more.
                quality++;
                continue;
            }
            else
            {
                bad = quality;
            }

            if (bad - good <= 1)
                break;
            quality = bad is null ? quality + 4 : (int)Math.Ceiling((good!.Value + bad.Value) / 2.0);
        }

        if (best is null)
            return start;
        bool isBetter = _limit is null ? best.Error <= ErrorOf(start) : best.FileBytes < start.FileBytes;
        return isBetter ? best : start;
    }

    private double ErrorOf(CodedDraft draft)
    {
        using var representation = Representation(draft.Group);
        return ErrorOf(representation.Parameters);
    }
}
