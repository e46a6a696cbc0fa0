using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Codings of one signal with one step after another.</summary>
internal sealed class CodingJob
{
    // A coding takes this part of the progress that is left; there may be more of them.
    private const double Share = 0.4;

    // Any step: no box has a level.
    private static readonly Half ExactStep = (Half)(1.0 / 64);

    private const float MostStep = 65504;

    // Steps below so many units of the samples cost as much as the samples.
    private const float FineStep = 2;

    private readonly FitMonitor _monitor;
    private readonly float[] _values;
    private readonly int[] _shape;
    private readonly int _channels;
    private readonly int _refinements;
    private readonly SampleFormat? _format;
    private readonly (ExactPlane Plane, int Bits)? _exact;
    private (bool All, ExactPrices? Prices)? _prices;
    private CodedSignal? _best;
    private double _left = 1;

    public CodingJob(Signal signal, int refinements, FitMonitor monitor)
    {
        _refinements = refinements;
        _monitor = monitor;
        _values = TensorNumbers.Of(signal.Values);
        _shape = [.. signal.Domain.GridShape];
        _channels = signal.Channels;
        _format = signal.Format;
        if (_shape.Length == 2 && refinements == 0)
            _exact = ExactColors.Of(_values, _shape[1], _shape[0], _channels);
    }

    /// <summary>The best code of those that are whole; the signal's level everywhere before there is one.</summary>
    public CodedSignal BestSoFar => _best ?? Flat();

    /// <summary>Codes the signal.</summary>
    /// <param name="step">The step of the levels.</param>
    /// <param name="isLast">Whether no other coding follows.</param>
    /// <exception cref="OperationCanceledException">The caller ended the fit.</exception>
    public CodedSignal Code(Half step, bool isLast)
    {
        if (double.IsNaN(_monitor.Loss))
            _monitor.Loss = Flat().Error;
        var header = PicturePlanes.Describe(_values, _shape, _channels, (Half)Math.Min((float)step * (1 << _refinements), MostStep), _format) with { Refinements = _refinements };
        double share = isLast ? _left : _left * Share, start = 1 - _left;
        _left -= share;
        int trees = header.Columns * header.Rows;
        _monitor.Begin(start + (0.02 * share));
        var planes = PicturePlanes.Split(header, _values);
        _monitor.Begin(start + (0.5 * share), trees);
        var prices = Prices(header);
        var splits = TreeSearch.Run(header, planes, prices, _monitor.Parallel, () => _monitor.Advance());
        _monitor.Begin(start + (0.99 * share), trees);
        if (splits.ContainsValue(TreeSearch.Exact))
            header = header with { ExactBits = _exact!.Value.Bits };
        var (bytes, picture) = PictureEncoder.Encode(header, planes, splits, _exact?.Plane, () => _monitor.Advance());
        var coded = Measure(bytes, picture);
        if (_best is null || coded.Error < _best.Error)
            _best = coded;
        _monitor.Loss = _best.Error;
        return coded;
    }

    /// <summary>Codes the samples as they are; null where they are no whole numbers.</summary>
    /// <exception cref="OperationCanceledException">The caller ended the fit.</exception>
    public CodedSignal? CodeExact()
    {
        if (_exact is not { } exact)
            return null;
        var header = PicturePlanes.Describe(_values, _shape, _channels, ExactStep, _format) with { ExactBits = exact.Bits };
        var splits = new Dictionary<BoxPlace, byte>();
        for (int row = 0; row < header.Rows; row++)
        {
            for (int column = 0; column < header.Columns; column++)
                splits.Add(new BoxPlace(column << header.Rules.LogRootWidth, row << header.Rules.LogRootHeight, header.Rules.LogRootWidth, header.Rules.LogRootHeight), TreeSearch.Exact);
        }

        _monitor.Begin(0.99, splits.Count);
        var (bytes, picture) = PictureEncoder.Encode(header, PicturePlanes.Split(header, _values), splits, exact.Plane, () => _monitor.Advance());
        _best = Measure(bytes, picture);
        _monitor.Loss = _best.Error;
        return _best;
    }

    // The prices of exact samples: of trees that look like text, and of all where the step is as fine as the samples themselves.
    private ExactPrices? Prices(PictureHeader header)
    {
        if (_exact is not { } exact)
            return null;
        bool all = (float)header.Step * ((1 << exact.Bits) - 1) < FineStep;
        if (_prices is not { } known || known.All != all)
            _prices = known = (all, ExactPrices.Of(header with { ExactBits = exact.Bits }, exact.Plane, all, _monitor.Parallel.CancellationToken.ThrowIfCancellationRequested));
        return known.Prices;
    }

    private CodedSignal Flat()
    {
        var (bytes, picture) = EmptyBoxes.Encode(PicturePlanes.Describe(_values, _shape, _channels, Half.One, _format));
        return Measure(bytes, picture);
    }

    private CodedSignal Measure(byte[] bytes, ParsedPicture picture)
    {
        var decoded = new float[_values.Length];
        new DecodedPicture(picture).Samples(decoded);
        double error = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            double d = (double)decoded[i] - _values[i];
            error += d * d;
        }

        return new CodedSignal(bytes, picture, error / _values.Length);
    }
}
