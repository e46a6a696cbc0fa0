namespace Inr;

/// <summary>Resampling with antialiasing: separable, in double, weights as Pillow's <c>Image.resize</c>.</summary>
/// <remarks>
/// <para>
/// On an axis of n source and m target samples let s = n/m and f = max(s, 1). Target sample j has its centre at
/// x = (j + 1/2)·s in source coordinates and reads the source samples i from ⌊x − r·f + 1/2⌋ to ⌊x + r·f + 1/2⌋
/// (excluded), cut at the borders, with weights k((i + 1/2 − x)/f) that are normalized to sum to 1; r is the support of
/// the kernel k. Reducing therefore averages (f widens the kernel) and enlarging interpolates.
/// </para>
/// <para>Four channels are red, green, blue and opacity: colours are averaged by their opacity (premultiplied), as Pillow does.</para>
/// <para>Bicubic follows R. Keys, "Cubic convolution interpolation for digital image processing", 1981, a = −1/2. It may overshoot the range of its input.</para>
/// </remarks>
internal static class ImageResize
{
    /// <summary>Resizes an image to a size; the range of the values is not clamped.</summary>
    public static PixelBuffer Resize(PixelBuffer source, ImageSize size, ResizeFilter filter) =>
        ResizeCenter(source, size.Height, size.Width, size, filter);

    /// <summary>Resizes an image until it just covers a size and keeps the centre of that size.</summary>
    /// <remarks>The longer side is rounded to whole pixels; where its overhang is odd, the extra pixel comes off the end.</remarks>
    public static PixelBuffer Cover(PixelBuffer source, ImageSize size, ResizeFilter filter)
    {
        double scale = Math.Max((double)size.Height / source.Size.Height, (double)size.Width / source.Size.Width);
        long Side(int own, int wanted) => Math.Max(wanted, (long)Math.Round(own * scale));
        return ResizeCenter(source, Side(source.Size.Height, size.Height), Side(source.Size.Width, size.Width), size, filter);
    }

    // The overhang of a cover may be far larger than memory, so only the samples that are kept are computed.
    private static PixelBuffer ResizeCenter(PixelBuffer source, long fullHeight, long fullWidth, ImageSize size, ResizeFilter filter)
    {
        if (source.Size == size)
            return source;

        var horizontal = Axis.Create(source.Size.Width, fullWidth, size.Width, filter);
        var vertical = Axis.Create(source.Size.Height, fullHeight, size.Height, filter);
        int channels = source.Channels;
        int rowLength = size.Width * channels;
        var image = new PixelBuffer(size, channels) { Format = source.Format };
        var result = image.Values;
        ReadOnlySpan<float> pixels = source.Values;
        // A pixel that nobody sees must not colour its neighbours: colours count as much as they are opaque.
        var colours = channels == 4 && !IsOpaque(pixels) ? Range(pixels) : default((float, float)?);
        int sourceRow = source.Size.Width * channels;

        // Rows of the horizontal pass are kept in double and only while a target row still reads them.
        var narrowed = new Dictionary<int, double[]>();
        var spare = new Stack<double[]>();
        var sum = new double[rowLength];
        for (int y = 0; y < size.Height; y++)
        {
            int first = vertical.First[y];
            var weights = vertical.Weights[y];
            foreach (int done in narrowed.Keys.Where(row => row < first).ToArray())
            {
                spare.Push(narrowed[done]);
                narrowed.Remove(done);
            }

            Array.Clear(sum);
            for (int k = 0; k < weights.Length; k++)
            {
                if (!narrowed.TryGetValue(first + k, out var row))
                {
                    row = spare.Count > 0 ? spare.Pop() : new double[rowLength];
                    ResizeRow(pixels.Slice((first + k) * sourceRow, sourceRow), row, channels, horizontal, colours is not null);
                    narrowed[first + k] = row;
                }

                for (int x = 0; x < rowLength; x++)
                    sum[x] += weights[k] * row[x];
            }

            if (colours is var (low, high))
                Unweigh(sum, low, high);
            for (int x = 0; x < rowLength; x++)
                result[y * rowLength + x] = (float)sum[x];
        }

        return image;
    }

    private static bool IsOpaque(ReadOnlySpan<float> pixels)
    {
        for (int i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] != 1)
                return false;
        }

        return true;
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> pixels)
    {
        var (low, high) = (0f, 1f);
        for (int i = 0; i < pixels.Length; i++)
        {
            if (i % 4 != 3)
                (low, high) = (Math.Min(low, pixels[i]), Math.Max(high, pixels[i]));
        }

        return (low, high);
    }

    // Where next to nothing is seen, the quotient means nothing: black as in Pillow, and never out of range.
    private static void Unweigh(Span<double> row, double low, double high)
    {
        const double LeastAlpha = 1e-6;
        for (int i = 0; i < row.Length; i += 4)
        {
            double alpha = row[i + 3];
            for (int c = 0; c < 3; c++)
                row[i + c] = alpha > LeastAlpha ? Math.Clamp(row[i + c] / alpha, low, high) : 0;
        }
    }

    private static void ResizeRow(ReadOnlySpan<float> source, Span<double> target, int channels, Axis axis, bool isWeighed)
    {
        for (int x = 0; x < axis.First.Length; x++)
        {
            var weights = axis.Weights[x];
            for (int c = 0; c < channels; c++)
            {
                double sum = 0;
                int at = axis.First[x] * channels + c;
                int toAlpha = channels - 1 - c;
                foreach (double weight in weights)
                {
                    sum += weight * (isWeighed && toAlpha > 0 ? source[at] * source[at + toAlpha] : source[at]);
                    at += channels;
                }

                target[x * channels + c] = sum;
            }
        }
    }

    private static double Support(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bicubic => 2,
        ResizeFilter.Bilinear => 1,
        _ => 0.5,
    };

    private static double Kernel(ResizeFilter filter, double x)
    {
        if (filter == ResizeFilter.Box)
            return x is > -0.5 and <= 0.5 ? 1 : 0;

        x = Math.Abs(x);
        if (filter == ResizeFilter.Bilinear)
            return Math.Max(0, 1 - x);

        const double A = -0.5;
        return x switch
        {
            < 1 => ((A + 2) * x - (A + 3)) * x * x + 1,
            < 2 => (((x - 5) * x + 8) * x - 4) * A,
            _ => 0,
        };
    }

    /// <summary>What every kept target sample of one axis reads: weights of consecutive source samples from a first one on.</summary>
    private readonly record struct Axis(int[] First, double[][] Weights)
    {
        public static Axis Create(int sourceLength, long targetLength, int kept, ResizeFilter filter)
        {
            long offset = (targetLength - kept) / 2;
            double scale = (double)sourceLength / targetLength;
            double stretch = Math.Max(scale, 1);
            double reach = Support(filter) * stretch;
            var axis = new Axis(new int[kept], new double[kept][]);
            for (int j = 0; j < kept; j++)
            {
                double centre = (offset + j + 0.5) * scale;
                int first = Math.Max(0, (int)Math.Floor(centre - reach + 0.5));
                int end = Math.Min(sourceLength, (int)Math.Floor(centre + reach + 0.5));
                var weights = new double[end - first];
                for (int k = 0; k < weights.Length; k++)
                    weights[k] = Kernel(filter, (first + k + 0.5 - centre) / stretch);
                double total = weights.Sum();
                for (int k = 0; k < weights.Length; k++)
                    weights[k] /= total;
                (axis.First[j], axis.Weights[j]) = (first, weights);
            }

            return axis;
        }
    }
}
