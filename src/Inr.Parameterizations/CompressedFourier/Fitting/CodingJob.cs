using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Codings of one signal with one step after another.</summary>
internal sealed class CodingJob
{
    // A coding takes this part of the progress that is left; there may be more of them.
    private const double Share = 0.4;

    private readonly FitMonitor _monitor;
    private readonly float[] _values;
    private readonly int[] _shape;
    private readonly int _channels;
    private readonly SampleFormat? _format;
    private CodedSignal? _best;
    private double _left = 1;

    public CodingJob(Signal signal, FitMonitor monitor)
    {
        _monitor = monitor;
        _values = TensorNumbers.Of(signal.Values);
        _shape = [.. signal.Domain.GridShape];
        _channels = signal.Channels;
        _format = signal.Format;
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
        var header = PicturePlanes.Describe(_values, _shape, _channels, step, _format);
        double share = isLast ? _left : _left * Share, start = 1 - _left;
        _left -= share;
        int trees = header.Columns * header.Rows;
        _monitor.Begin(start + (0.02 * share));
        var planes = PicturePlanes.Split(header, _values);
        _monitor.Begin(start + (0.5 * share), trees);
        var splits = TreeSearch.Run(header, planes, _monitor.Parallel, () => _monitor.Advance());
        _monitor.Begin(start + (0.99 * share), trees);
        var (bytes, picture) = PictureEncoder.Encode(header, planes, splits, () => _monitor.Advance());
        var coded = Measure(bytes, picture);
        if (_best is null || coded.Error < _best.Error)
            _best = coded;
        _monitor.Loss = _best.Error;
        return coded;
    }

    private CodedSignal Flat()
    {
        var (bytes, picture) = EmptyBoxes.Encode(PicturePlanes.Describe(_values, _shape, _channels, Half.One, _format));
        return Measure(bytes, picture);
    }

    private CodedSignal Measure(byte[] bytes, ParsedPicture picture)
    {
        float[] decoded = new DecodedPicture(picture).Samples();
        double error = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            double d = (double)decoded[i] - _values[i];
            error += d * d;
        }

        return new CodedSignal(bytes, picture, error / _values.Length);
    }
}
