using System.Runtime.InteropServices;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations;

/// <summary>The spectrum of a line of millions of samples, such as a sound of some minutes.</summary>
/// <remarks>
/// As <see cref="FastCosineTransform"/>, with a Fourier transform in two steps: the line is a matrix of N₁ rows and N₂ columns;
/// transform its columns, turn each element, transform its rows (Bailey, 1990). The line is real, so half of the rows hold
/// everything. That is 8 bytes a sample, and parts that are short enough to stop between. A length that has no divisor of
/// a useful size, such as a prime, is transformed at once, which takes many times the memory and cannot be stopped.
/// </remarks>
internal sealed class LongSpectrum : OrderedSpectrum
{
    /// <summary>Numbers that are transformed at once.</summary>
    private const int NumbersAtOnce = 1 << 18;

    /// <summary>Fewer rows or columns would save nothing.</summary>
    private const int FewestRows = 16;

    private readonly int _length;
    private readonly int _rows;
    private readonly int _columns;
    // Complex, row-major: element (k₁, k₂) is V at k₁ + N₁·k₂, rows up to N₁/2; with one row, V up to N/2.
    private readonly NativeBuffer<double> _values;

    private LongSpectrum(int length, int rows)
    {
        _length = length;
        _rows = rows;
        _columns = length / rows;
        _values = new NativeBuffer<double>(rows == 1 ? 2 * ((length / 2) + 1L) : 2 * ((rows / 2) + 1L) * _columns);
    }

    /// <summary>Transforms a channel of a signal.</summary>
    /// <param name="signal">A signal on a grid of one axis.</param>
    /// <param name="level">Its level.</param>
    /// <param name="channel">Which channel.</param>
    /// <param name="until">The share of the fit that is done afterwards.</param>
    /// <param name="monitor">What the fit and its caller tell each other.</param>
    public static LongSpectrum Create(Signal signal, float[] level, int channel, double until, FitMonitor monitor)
    {
        int length = (int)signal.SampleCount;
        using var plane = new NativeBuffer<float>(length);
        SignalReader.Plane(signal, level, channel, monitor, (first, values) => values.CopyTo(plane.Span(first, values.Length)));
        var spectrum = new LongSpectrum(length, Rows(length));
        try
        {
            monitor.Begin(until, 2L * length);
            if (spectrum._rows == 1)
            {
                spectrum.TransformAtOnce(plane);
            }
            else
            {
                spectrum.TransformColumns(plane, monitor);
                spectrum.TransformRows(monitor);
            }

            return spectrum;
        }
        catch
        {
            spectrum.Dispose();
            throw;
        }
    }

    /// <summary>Rows N₁ of the matrix: the divisor that is nearest to the root of the length, or 1.</summary>
    public static int Rows(int length)
    {
        for (int rows = (int)Math.Sqrt(length); rows >= FewestRows; rows--)
        {
            if (length % rows == 0)
                return rows;
        }

        return 1;
    }

    /// <inheritdoc/>
    public override void Read(int first, Span<double> values)
    {
        var (cosines, sines) = FastCosineTransform.Turns(_length, first, values.Length);
        // Row by row: neighbouring frequencies of a row lie beside each other.
        for (int row = 0; row < _rows; row++)
        {
            int offset = ((row - first) % _rows + _rows) % _rows;
            for (int j = offset; j < values.Length; j += _rows)
            {
                var (real, imaginary) = At(first + j, row);
                values[j] = (real * cosines[j]) - (imaginary * sines[j]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _values.Dispose();

    // V at a frequency; half of them are stored, the others are conjugates.
    private (double Real, double Imaginary) At(int frequency, int row)
    {
        if (_rows == 1)
        {
            bool stored = frequency <= _length / 2;
            long index = 2L * (stored ? frequency : _length - frequency);
            return (_values[index], stored ? _values[index + 1] : -_values[index + 1]);
        }

        int column = frequency / _rows;
        if (row <= _rows / 2)
        {
            long index = 2 * (((long)row * _columns) + column);
            return (_values[index], _values[index + 1]);
        }

        long mirrored = 2 * (((long)(_rows - row) * _columns) + (_columns - 1 - column));
        return (_values[mirrored], -_values[mirrored + 1]);
    }

    // The sample that stands at a place of v.
    private int Source(int place) => place < (_length + 1) / 2 ? 2 * place : (2 * (_length - 1 - place)) + 1;

    private void TransformAtOnce(NativeBuffer<float> plane)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var v = empty([_length], float64, CPU);
        for (int first = 0; first < _length; first += NumbersAtOnce)
        {
            int count = Math.Min(NumbersAtOnce, _length - first);
            using var part = v.narrow(0, first, count);
            var target = MemoryMarshal.Cast<byte, double>(part.bytes);
            for (int i = 0; i < count; i++)
                target[i] = plane[Source(first + i)];
        }

        plane.Dispose();
        var spectrum = fft.rfft(v);
        v.Dispose();
        long size = spectrum.shape[0];
        for (long first = 0; first < size; first += NumbersAtOnce)
        {
            int count = (int)Math.Min(NumbersAtOnce, size - first);
            using var part = spectrum.narrow(0, first, count);
            MemoryMarshal.Cast<byte, double>(part.bytes).CopyTo(_values.Span(2 * first, 2 * count));
        }
    }

    private void TransformColumns(NativeBuffer<float> plane, FitMonitor monitor)
    {
        int width = Math.Max(1, NumbersAtOnce / _rows), half = (_rows / 2) + 1;
        for (int first = 0; first < _columns; first += width)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            int count = Math.Min(width, _columns - first);
            var v = empty([count, _rows], float64, CPU);
            var lines = MemoryMarshal.Cast<byte, double>(v.bytes);
            for (int row = 0; row < _rows; row++)
            {
                for (int l = 0; l < count; l++)
                    lines[(l * _rows) + row] = plane[Source((row * _columns) + first + l)];
            }

            var spectrum = MemoryMarshal.Cast<byte, double>(fft.rfft(v, dim: 1).contiguous().bytes);
            for (int row = 0; row < half; row++)
            {
                var target = _values.Span(2 * (((long)row * _columns) + first), 2 * count);
                for (int l = 0; l < count; l++)
                {
                    // The product is below the length, so the angle is as exact as its sine.
                    var (sine, cosine) = Math.SinCos(-2 * Math.PI * ((long)row * (first + l)) / _length);
                    double real = spectrum[2 * ((l * half) + row)], imaginary = spectrum[(2 * ((l * half) + row)) + 1];
                    target[2 * l] = (real * cosine) - (imaginary * sine);
                    target[(2 * l) + 1] = (real * sine) + (imaginary * cosine);
                }
            }

            monitor.Advance((long)count * _rows);
        }
    }

    private void TransformRows(FitMonitor monitor)
    {
        int height = Math.Max(1, NumbersAtOnce / _columns), half = (_rows / 2) + 1;
        for (int first = 0; first < half; first += height)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            int count = Math.Min(height, half - first);
            var lines = _values.Span(2L * first * _columns, 2 * count * _columns);
            var v = empty([count, _columns], complex128, CPU);
            lines.CopyTo(MemoryMarshal.Cast<byte, double>(v.bytes));
            MemoryMarshal.Cast<byte, double>(fft.fft_(v, dim: 1).contiguous().bytes).CopyTo(lines);
            monitor.Advance(2L * count * _columns);
        }
    }
}
