using System.Numerics;
using System.Runtime.InteropServices;

namespace Inr;

/// <summary>The sum of the SSIM of all windows, row by row: a vertical pass over eleven rows in a ring, then a horizontal one, all in cache.</summary>
/// <remarks>libtorch convolves doubles slowly and with temporaries of many pictures, which takes longer than most fits of a large one.</remarks>
internal sealed class SsimRows
{
    private readonly double[] _weights;
    private readonly int _channels;
    // Numbers of a row of the picture, and of a row of windows.
    private readonly int _row;
    private readonly int _places;
    private readonly double _c1;
    private readonly double _c2;
    private readonly double[][] _x;
    private readonly double[][] _y;
    // Mean of x, of y, of x² + y², of xy.
    private readonly double[][] _sums;
    private int _next;

    private SsimRows(double[] weights, int width, int channels, double c1, double c2)
    {
        (_weights, _channels, _c1, _c2) = (weights, channels, c1, c2);
        _row = width * channels;
        _places = (width - weights.Length + 1) * channels;
        double[][] Rows(int count) => [.. Enumerable.Range(0, count).Select(_ => new double[_row])];
        (_x, _y, _sums) = (Rows(weights.Length), Rows(weights.Length), Rows(4));
    }

    /// <summary>The mean SSIM of pictures [height,width,channels] on the CPU, contiguous, float32 or float64 alike.</summary>
    /// <param name="x">One picture.</param>
    /// <param name="y">The other.</param>
    /// <param name="weights">The window along an axis.</param>
    /// <param name="c1">The constant of the means.</param>
    /// <param name="c2">The constant of the variances.</param>
    public static double Mean(Tensor x, Tensor y, double[] weights, double c1, double c2) =>
        x.dtype == ScalarType.Float32 ? Mean<float>(x, y, weights, c1, c2) : Mean<double>(x, y, weights, c1, c2);

    private static double Mean<T>(Tensor x, Tensor y, double[] weights, double c1, double c2)
        where T : unmanaged, INumber<T>
    {
        int width = (int)x.shape[1], channels = (int)x.shape[2];
        int rows = (int)x.shape[0] - weights.Length + 1;
        var sums = new double[rows];
        int strips = Math.Clamp(rows / (2 * weights.Length), 1, TorchRuntime.Threads);
        // Rows are added in their own order, so that the number of threads changes nothing.
        Parallel.For(0, strips, new ParallelOptions { MaxDegreeOfParallelism = strips }, strip =>
        {
            var worker = new SsimRows(weights, width, channels, c1, c2);
            ReadOnlySpan<T> a = TensorSpan.Of<T>(x), b = TensorSpan.Of<T>(y);
            int first = (int)((long)strip * rows / strips), end = (int)((strip + 1L) * rows / strips);
            worker._next = first;
            for (int r = first; r < end; r++)
                sums[r] = worker.Sum(r, a, b);
        });
        double sum = 0;
        foreach (double part in sums)
            sum += part;
        return sum / ((double)rows * (width - weights.Length + 1) * channels);
    }

    private double Sum<T>(int row, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, INumber<T>
    {
        int size = _weights.Length;
        for (; _next < row + size; _next++)
        {
            Widen(x.Slice(_next * _row, _row), _x[_next % size]);
            Widen(y.Slice(_next * _row, _row), _y[_next % size]);
        }

        Vertical(row);
        return Horizontal();
    }

    private static void Widen<T>(ReadOnlySpan<T> from, double[] to)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = double.CreateTruncating(from[i]);
    }

    private void Vertical(int row)
    {
        int size = _weights.Length;
        for (int i = 0; i < _row;)
        {
            if (_row - i < Vector<double>.Count)
            {
                double mx = 0, my = 0, mxx = 0, mxy = 0;
                for (int k = 0; k < size; k++)
                {
                    double w = _weights[k], x = _x[(row + k) % size][i], y = _y[(row + k) % size][i];
                    (mx, my, mxx, mxy) = (mx + w * x, my + w * y, mxx + w * (x * x + y * y), mxy + w * (x * y));
                }

                (_sums[0][i], _sums[1][i], _sums[2][i], _sums[3][i]) = (mx, my, mxx, mxy);
                i++;
                continue;
            }

            Vector<double> vx = default, vy = default, vxx = default, vxy = default;
            for (int k = 0; k < size; k++)
            {
                var w = new Vector<double>(_weights[k]);
                var x = Load(_x[(row + k) % size], i);
                var y = Load(_y[(row + k) % size], i);
                vx += w * x;
                vy += w * y;
                vxx += w * (x * x + y * y);
                vxy += w * (x * y);
            }

            vx.CopyTo(_sums[0], i);
            vy.CopyTo(_sums[1], i);
            vxx.CopyTo(_sums[2], i);
            vxy.CopyTo(_sums[3], i);
            i += Vector<double>.Count;
        }
    }

    private double Horizontal()
    {
        var total = Vector<double>.Zero;
        double rest = 0;
        double[] sx = _sums[0], sy = _sums[1], sxx = _sums[2], sxy = _sums[3];
        int i = 0;
        for (; i + Vector<double>.Count <= _places; i += Vector<double>.Count)
        {
            Vector<double> mx = default, my = default, mxx = default, mxy = default;
            for (int k = 0; k < _weights.Length; k++)
            {
                var w = new Vector<double>(_weights[k]);
                int at = i + k * _channels;
                mx += w * Load(sx, at);
                my += w * Load(sy, at);
                mxx += w * Load(sxx, at);
                mxy += w * Load(sxy, at);
            }

            var product = mx * my;
            var squares = mx * mx + my * my;
            var numerator = (2 * product + new Vector<double>(_c1)) * (2 * (mxy - product) + new Vector<double>(_c2));
            total += numerator / ((squares + new Vector<double>(_c1)) * (mxx - squares + new Vector<double>(_c2)));
        }

        for (; i < _places; i++)
        {
            double mx = 0, my = 0, mxx = 0, mxy = 0;
            for (int k = 0; k < _weights.Length; k++)
            {
                int at = i + k * _channels;
                double w = _weights[k];
                (mx, my, mxx, mxy) = (mx + w * sx[at], my + w * sy[at], mxx + w * sxx[at], mxy + w * sxy[at]);
            }

            double product = mx * my, squares = mx * mx + my * my;
            rest += (2 * product + _c1) * (2 * (mxy - product) + _c2) / ((squares + _c1) * (mxx - squares + _c2));
        }

        return Vector.Sum(total) + rest;
    }

    private static Vector<double> Load(double[] row, int at) => new(MemoryMarshal.CreateReadOnlySpan(ref row[at], Vector<double>.Count));
}
