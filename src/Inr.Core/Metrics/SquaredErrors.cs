using System.Numerics;

namespace Inr;

/// <summary>Mean squared errors in double, without large temporaries: block by block, on all threads.</summary>
internal static class SquaredErrors
{
    // Blocks are added in their own order, so that the number of threads changes nothing.
    private const int Block = 1 << 14;
    private const double Levels = 255;

    /// <summary>The mean of the squared differences.</summary>
    /// <param name="x">On the CPU, contiguous, of the type <typeparamref name="T"/>.</param>
    /// <param name="y">The same.</param>
    /// <param name="rounded">Whether both are first clamped to [0,1] and rounded to multiples of 1/255.</param>
    public static double Mean<T>(Tensor x, Tensor y, bool rounded)
        where T : unmanaged, INumber<T>
    {
        int count = (int)x.numel();
        var sums = new double[(count + Block - 1) / Block];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = TorchRuntime.Threads }, Strip);
        double sum = 0;
        foreach (double part in sums)
            sum += part;
        return sum / count;

        void Strip(int block)
        {
            int start = block * Block, length = Math.Min(Block, count - start);
            ReadOnlySpan<T> a = TensorSpan.Of<T>(x).Slice(start, length), b = TensorSpan.Of<T>(y).Slice(start, length);
            sums[block] = rounded ? Rounded(a, b) : Plain(a, b);
        }
    }

    private static double Plain<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, INumber<T>
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = double.CreateTruncating(x[i]) - double.CreateTruncating(y[i]);
            sum += error * error;
        }

        return sum;
    }

    private static double Rounded<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, INumber<T>
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = Level(x[i]) - Level(y[i]);
            sum += error * error;
        }

        return sum / (Levels * Levels);
    }

    private static double Level<T>(T value)
        where T : unmanaged, INumber<T> => Math.Round(Math.Clamp(double.CreateTruncating(value), 0, 1) * Levels);
}
