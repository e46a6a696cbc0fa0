namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Values of samples as padded planes along axes of their own, and back.</summary>
internal static class PicturePlanes
{
    /// <summary>What a header says of values.</summary>
    /// <param name="values">Sample by sample.</param>
    /// <param name="shape">Samples on each axis.</param>
    /// <param name="channels">Values of a sample.</param>
    /// <param name="step">The step.</param>
    /// <param name="format">How the file of the signal stores its samples.</param>
    public static PictureHeader Describe(ReadOnlySpan<float> values, int[] shape, int channels, Half step, SampleFormat? format = null)
    {
        int samples = values.Length / channels;
        var sums = new double[channels];
        for (int i = 0; i < values.Length; i++)
            sums[i % channels] += values[i];
        Half[] means = [.. sums.Select(s => (Half)(s / samples))];
        ColorAxes? axes = null;
        if (channels >= 3)
        {
            var covariance = new double[9];
            Span<double> c = stackalloc double[3];
            for (int i = 0; i < samples; i++)
            {
                for (int k = 0; k < 3; k++)
                    c[k] = values[(i * channels) + k] - (sums[k] / samples);
                for (int k = 0; k < 9; k++)
                    covariance[k] += c[k / 3] * c[k % 3];
            }

            axes = ColorAxes.Of(covariance);
        }

        return new PictureHeader { Shape = shape, Channels = channels, Step = step, Means = means, Axes = axes, Format = format };
    }

    /// <summary>Padded planes in steps.</summary>
    public static float[][] Split(PictureHeader header, ReadOnlySpan<float> values)
    {
        int channels = header.Channels, stride = header.Stride;
        float[][] planes = [.. Enumerable.Range(0, channels).Select(_ => new float[stride * header.PaddedHeight])];
        float[] means = [.. header.Means.Select(m => (float)m)];
        float scale = 1 / (float)header.Step;
        Span<float> v = stackalloc float[channels];
        for (int y = 0; y < header.PaddedHeight; y++)
        {
            int from = Math.Min(y, header.Height - 1) * header.Width;
            for (int x = 0; x < stride; x++)
            {
                int sample = (from + Math.Min(x, header.Width - 1)) * channels, at = (y * stride) + x;
                for (int k = 0; k < channels; k++)
                    v[k] = (values[sample + k] - means[k]) * scale;
                if (header.Axes is { Matrix: var m })
                {
                    for (int k = 0; k < 3; k++)
                        planes[k][at] = (m[3 * k] * v[0]) + (m[(3 * k) + 1] * v[1]) + (m[(3 * k) + 2] * v[2]);
                }

                for (int k = header.Axes is null ? 0 : 3; k < channels; k++)
                    planes[k][at] = v[k];
            }
        }

        return planes;
    }

    /// <summary>Values of the samples of a grid from planes in steps.</summary>
    /// <param name="header">The header.</param>
    /// <param name="planes">The planes.</param>
    /// <param name="stride">Samples of a row of a plane.</param>
    /// <param name="width">Samples of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="values">Receives the values, sample by sample.</param>
    public static void Join(PictureHeader header, float[][] planes, int stride, int width, int height, Span<float> values)
    {
        int channels = header.Channels;
        float[] means = [.. header.Means.Select(m => (float)m)];
        float step = (float)header.Step;
        for (int y = 0; y < height; y++)
        {
            var row = values.Slice(y * width * channels, width * channels);
            int first = 0;
            if (header.Axes is { Matrix: var m })
            {
                first = 3;
                var a = planes[0].AsSpan(y * stride, width);
                var b = planes[1].AsSpan(y * stride, width);
                var c = planes[2].AsSpan(y * stride, width);
                for (int x = 0; x < width; x++)
                {
                    row[x * channels] = means[0] + (step * ((m[0] * a[x]) + (m[3] * b[x]) + (m[6] * c[x])));
                    row[(x * channels) + 1] = means[1] + (step * ((m[1] * a[x]) + (m[4] * b[x]) + (m[7] * c[x])));
                    row[(x * channels) + 2] = means[2] + (step * ((m[2] * a[x]) + (m[5] * b[x]) + (m[8] * c[x])));
                }
            }

            for (int k = first; k < channels; k++)
            {
                var plane = planes[k].AsSpan(y * stride, width);
                for (int x = 0; x < width; x++)
                    row[(x * channels) + k] = means[k] + (step * plane[x]);
            }
        }
    }
}
