namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A coded picture as a function: boxes of cosine sums, with their borders blended.</summary>
/// <remarks>
/// On a box, the function is the sum of all cosines through its decoded samples: the prediction is one of finitely many samples and so
/// a finite sum as well. <see cref="BorderBlend"/> adds what is linear in the distance to a border, and along it between its samples.
/// </remarks>
internal sealed class DecodedPicture
{
    private const int MostSide = 1 << CosineTransform.LogLargest;

    private readonly ParsedPicture _picture;
    private readonly SampleCanvas _canvas;
    private readonly Lazy<float[][]> _coefficients;
    private readonly Lazy<float[][]> _blended;
    private readonly float _blendWidth;
    private readonly int[] _boxAt;
    private readonly int _blockStride;

    public DecodedPicture(ParsedPicture picture)
    {
        _picture = picture;
        _canvas = BoxDecoder.Decode(picture);
        if (picture.Layers.Count > 0)
            _canvas = BoxDecoder.Refine(picture, _canvas);
        _blendWidth = BorderBlend.WidthOf(picture.Layers.Count);
        var rules = Header.Rules;
        _blockStride = Header.Stride >> rules.LogLeastWidth;
        _boxAt = new int[_blockStride * (Header.PaddedHeight >> rules.LogLeastHeight)];
        for (int i = 0; i < picture.Boxes.Length; i++)
        {
            var place = picture.Boxes[i].Place;
            for (int y = 0; y < place.Height >> rules.LogLeastHeight; y++)
                Array.Fill(_boxAt, i, (((place.Y >> rules.LogLeastHeight) + y) * _blockStride) + (place.X >> rules.LogLeastWidth), place.Width >> rules.LogLeastWidth);
        }

        _coefficients = new Lazy<float[][]>(MakeCoefficients);
        _blended = new Lazy<float[][]>(() => Header.Blends ? BorderBlend.Apply(Header, _canvas, _picture.Boxes, _blendWidth) : _canvas.Planes);
    }

    public PictureHeader Header => _picture.Header;

    /// <summary>The values at the samples of the grid that was coded.</summary>
    /// <param name="values">Receives them, sample by sample.</param>
    public void Samples(Span<float> values)
    {
        PicturePlanes.Join(Header, _blended.Value, Header.Stride, Header.Width, Header.Height, values);
        foreach (var (place, _, isExact) in _picture.Boxes)
        {
            if (isExact)
                ExactColors.Put(Header, _picture.Colors!, place, values);
        }
    }

    /// <summary>Values at points.</summary>
    /// <param name="coordinates">Point by point, one or two numbers each, the last one along the rows.</param>
    public double[] Evaluate(ReadOnlySpan<double> coordinates)
    {
        int axes = Header.Shape.Length, count = coordinates.Length / axes, channels = Header.Channels;
        var values = new double[count * channels];
        var point = new Point(channels);
        for (int i = 0; i < count; i++)
        {
            At(axes == 1 ? 0 : coordinates[2 * i], coordinates[(axes * i) + axes - 1], point, slopes: false);
            Colors(point.Values, values.AsSpan(i * channels, channels), withMeans: true);
        }

        return values;
    }

    /// <summary>Derivatives at points: for every point and value, one number an axis.</summary>
    public double[] Jacobian(ReadOnlySpan<double> coordinates)
    {
        int axes = Header.Shape.Length, count = coordinates.Length / axes, channels = Header.Channels;
        var slopes = new double[count * channels * axes];
        var point = new Point(channels);
        Span<double> alongX = stackalloc double[channels], alongY = stackalloc double[channels];
        for (int i = 0; i < count; i++)
        {
            At(axes == 1 ? 0 : coordinates[2 * i], coordinates[(axes * i) + axes - 1], point, slopes: true);
            Colors(point.AlongX, alongX, withMeans: false);
            Colors(point.AlongY, alongY, withMeans: false);
            for (int k = 0; k < channels; k++)
            {
                int at = ((i * channels) + k) * axes;
                slopes[at + axes - 1] = alongX[k] * Header.Width / 2;
                if (axes == 2)
                    slopes[at] = alongY[k] * Header.Height / 2;
            }
        }

        return slopes;
    }

    /// <summary>Values on a grid of cell centres of a window.</summary>
    public double[] Render(int width, int height, (double Low, double High) alongX, (double Low, double High) alongY)
    {
        var columns = AxisPlaces.Of(width, alongX, Header.Width);
        var rows = AxisPlaces.Of(height, alongY, Header.Height);
        double[][] planes = [.. Enumerable.Range(0, Header.Channels).Select(_ => new double[checked(width * height)])];
        var across = Array.Empty<double>();
        var down = Array.Empty<double>();
        var part = Array.Empty<double>();
        foreach (var (place, _, isExact) in _picture.Boxes)
        {
            var (firstColumn, columnCount) = columns.Within(place.X, Math.Min(place.X + place.Width, Header.Width));
            var (firstRow, rowCount) = rows.Within(place.Y, Math.Min(place.Y + place.Height, Header.Height));
            if (columnCount == 0 || rowCount == 0)
                continue;
            if (isExact)
            {
                for (int channel = 0; channel < planes.Length; channel++)
                    RenderExact(channel, rows, firstRow, rowCount, columns, firstColumn, columnCount, planes[channel], width);
                continue;
            }

            int w = place.Width, h = place.Height;
            Grow(ref across, columnCount * w);
            Grow(ref down, rowCount * h);
            Grow(ref part, w);
            for (int i = 0; i < columnCount; i++)
                Cosines(columns.At(firstColumn + i) - place.X, place.LogWidth, across.AsSpan(i * w, w));
            for (int i = 0; i < rowCount; i++)
                Cosines(rows.At(firstRow + i) - place.Y, place.LogHeight, down.AsSpan(i * h, h));
            for (int channel = 0; channel < planes.Length; channel++)
                RenderBox(place, channel, rows, firstRow, rowCount, columns, firstColumn, columnCount, across, down, part, planes[channel], width);
        }

        var values = GC.AllocateUninitializedArray<double>(checked(width * height * Header.Channels));
        Span<double> point = stackalloc double[planes.Length];
        for (int i = 0; i < width * height; i++)
        {
            for (int k = 0; k < planes.Length; k++)
                point[k] = planes[k][i];
            Colors(point, values.AsSpan(i * planes.Length, planes.Length), withMeans: true);
        }

        return values;
    }

    private void RenderBox(BoxPlace place, int channel, AxisPlaces rows, int firstRow, int rowCount, AxisPlaces columns, int firstColumn, int columnCount, double[] across, double[] down, double[] part, double[] plane, int stride)
    {
        int w = place.Width, h = place.Height;
        var coefficients = _coefficients.Value[channel];
        for (int i = 0; i < rowCount; i++)
        {
            var sum = part.AsSpan(0, w);
            sum.Clear();
            for (int v = 0; v < h; v++)
                AddScaled(sum, down[(i * h) + v], coefficients.AsSpan(((place.Y + v) * Header.Stride) + place.X, w));
            int at = ((firstRow + i) * stride) + firstColumn;
            double y = rows.At(firstRow + i);
            for (int j = 0; j < columnCount; j++)
            {
                double value = Dot(sum, across.AsSpan(j * w, w));
                if (Header.Blends)
                    value += Blend(place, channel, columns.At(firstColumn + j), y, out _, out _);
                plane[at + j] = value;
            }
        }
    }

    private void RenderExact(int channel, AxisPlaces rows, int firstRow, int rowCount, AxisPlaces columns, int firstColumn, int columnCount, double[] plane, int stride)
    {
        for (int i = 0; i < rowCount; i++)
        {
            for (int j = 0; j < columnCount; j++)
                plane[((firstRow + i) * stride) + firstColumn + j] = Interpolate(channel, columns.At(firstColumn + j), rows.At(firstRow + i), out _, out _);
        }
    }

    // Between the four samples around a place, in both directions linear: how an exact box goes on between its samples.
    private double Interpolate(int channel, double x, double y, out double alongX, out double alongY)
    {
        var plane = _blended.Value[channel];
        double column = Math.Clamp(x - 0.5, 0, Header.Width - 1), row = Math.Clamp(y - 0.5, 0, Header.Height - 1);
        int left = (int)column, top = (int)row, right = Math.Min(left + 1, Header.Width - 1), bottom = Math.Min(top + 1, Header.Height - 1);
        double across = column - left, down = row - top;
        double a = plane[(top * Header.Stride) + left], b = plane[(top * Header.Stride) + right], c = plane[(bottom * Header.Stride) + left], d = plane[(bottom * Header.Stride) + right];
        // Outside of the outermost samples it is constant.
        alongX = column == x - 0.5 ? ((1 - down) * (b - a)) + (down * (d - c)) : 0;
        alongY = row == y - 0.5 ? ((1 - across) * (c - a)) + (across * (d - b)) : 0;
        return ((1 - down) * (a + (across * (b - a)))) + (down * (c + (across * (d - c))));
    }

    // All channels, in steps and samples.
    private void At(double y, double x, Point point, bool slopes)
    {
        double sx = (x + 1) * Header.Width / 2, sy = Header.Shape.Length == 1 ? 0.5 : (y + 1) * Header.Height / 2;
        var rules = Header.Rules;
        int column = (int)Math.Clamp(sx, 0, Header.Width - 1), row = (int)Math.Clamp(sy, 0, Header.Height - 1);
        var (place, _, isExact) = _picture.Boxes[_boxAt[((row >> rules.LogLeastHeight) * _blockStride) + (column >> rules.LogLeastWidth)]];
        if (isExact)
        {
            for (int channel = 0; channel < Header.Channels; channel++)
                point.Values[channel] = Interpolate(channel, sx, sy, out point.AlongX[channel], out point.AlongY[channel]);
            return;
        }

        int w = place.Width, h = place.Height;
        var across = point.Across.AsSpan(0, w);
        var down = point.Down.AsSpan(0, h);
        Cosines(sx - place.X, place.LogWidth, across);
        Cosines(sy - place.Y, place.LogHeight, down);
        if (slopes)
        {
            Sines(sx - place.X, place.LogWidth, point.AcrossSlope);
            Sines(sy - place.Y, place.LogHeight, point.DownSlope);
        }

        var part = point.Part.AsSpan(0, w);
        for (int channel = 0; channel < Header.Channels; channel++)
        {
            var coefficients = _coefficients.Value[channel];
            part.Clear();
            for (int v = 0; v < h; v++)
                AddScaled(part, down[v], coefficients.AsSpan(((place.Y + v) * Header.Stride) + place.X, w));
            double alongX = 0, alongY = 0, blend = Header.Blends ? Blend(place, channel, sx, sy, out alongX, out alongY) : 0;
            point.Values[channel] = Dot(part, across) + blend;
            if (!slopes)
                continue;
            point.AlongX[channel] = Dot(part, point.AcrossSlope.AsSpan(0, w)) + alongX;
            part.Clear();
            for (int v = 0; v < h; v++)
                AddScaled(part, point.DownSlope[v], coefficients.AsSpan(((place.Y + v) * Header.Stride) + place.X, w));
            point.AlongY[channel] = Dot(part, across) + alongY;
        }
    }

    // What the borders of a box add at a place, and its slopes.
    private double Blend(BoxPlace place, int channel, double x, double y, out double alongX, out double alongY)
    {
        (alongX, alongY) = (0, 0);
        double sum = Border(channel, place.X, place.Width, Header.Width, x, place.Y, place.Height, Header.Height, y, 1, Header.Stride, ref alongX, ref alongY);
        return sum + Border(channel, place.Y, place.Height, Header.Height, y, place.X, place.Width, Header.Width, x, Header.Stride, 1, ref alongY, ref alongX);
    }

    // Both borders across one axis.
    private double Border(int channel, int first, int side, int end, double x, int lineFirst, int lineSide, int lineEnd, double y, int across, int along, ref double slopeAcross, ref double slopeAlong)
    {
        int reach = BorderBlend.ReachOf(side);
        if (reach == 0)
            return 0;
        double sum = 0;
        double before = x - first, after = first + side - x;
        if (first > 0 && before < reach && before > -1)
            sum -= One(channel, first, reach, before, -1, lineFirst, lineSide, lineEnd, y, across, along, ref slopeAcross, ref slopeAlong);
        if (first + side < end && after < reach && after > -1)
            sum += One(channel, first + side, reach, after, 1, lineFirst, lineSide, lineEnd, y, across, along, ref slopeAcross, ref slopeAlong);
        return sum;
    }

    private double One(int channel, int border, int reach, double distance, int sign, int lineFirst, int lineSide, int lineEnd, double y, int across, int along, ref double slopeAcross, ref double slopeAlong)
    {
        var plane = _canvas.Planes[channel];
        int last = Math.Min(lineFirst + lineSide, lineEnd) - 1;
        double line = Math.Clamp(y - 0.5, lineFirst, last);
        int low = Math.Min((int)line, last), high = Math.Min(low + 1, last);
        double part = line - low;
        double at = BorderBlend.Amplitude(plane, (border * across) + (low * along), across, _blendWidth);
        double next = high == low ? at : BorderBlend.Amplitude(plane, (border * across) + (high * along), across, _blendWidth);
        double c = at + (part * (next - at));
        double fade = 1 - (distance / reach);
        // Both sides: −c·ρ with the distance growing along the axis, +c·ρ with it falling.
        slopeAcross += c / reach;
        if (line == y - 0.5)
            slopeAlong += sign * (next - at) * fade;
        return c * fade;
    }

    private void Colors(ReadOnlySpan<double> plane, Span<double> values, bool withMeans)
    {
        double step = (double)Header.Step;
        int first = 0;
        if (Header.Axes is { Matrix: var m })
        {
            first = 3;
            for (int k = 0; k < 3; k++)
                values[k] = step * ((m[k] * plane[0]) + (m[3 + k] * plane[1]) + (m[6 + k] * plane[2]));
        }

        for (int k = first; k < values.Length; k++)
            values[k] = step * plane[k];
        for (int k = 0; withMeans && k < values.Length; k++)
            values[k] += (double)Header.Means[k];
    }

    private float[][] MakeCoefficients()
    {
        var planes = _canvas.Planes.Select(p => new float[p.Length]).ToArray();
        var transform = new CosineTransform();
        float[] samples = new float[1 << 12], coefficients = new float[1 << 12];
        foreach (var (place, _, isExact) in _picture.Boxes)
        {
            if (isExact)
                continue;
            for (int channel = 0; channel < planes.Length; channel++)
            {
                _canvas.Take(channel, place, samples);
                transform.Forward(samples, coefficients, place.LogWidth, place.LogHeight);
                for (int v = 0; v < place.Height; v++)
                    coefficients.AsSpan(v * place.Width, place.Width).CopyTo(planes[channel].AsSpan(((place.Y + v) * Header.Stride) + place.X));
            }
        }

        return planes;
    }

    // The orthonormal cosines of a side at a distance from its first end, in samples.
    private static void Cosines(double at, int log, Span<double> values)
    {
        int n = 1 << log;
        double step = Math.PI * at / n, norm = Math.Sqrt(2.0 / n);
        values[0] = Math.Sqrt(1.0 / n);
        // cos(k+1)a = 2·cos a·cos ka − cos(k−1)a
        double first = Math.Cos(step), before = 1, now = first;
        for (int k = 1; k < n; k++)
        {
            values[k] = (norm * now);
            (before, now) = (now, (2 * first * now) - before);
        }
    }

    // Their derivatives.
    private static void Sines(double at, int log, Span<double> values)
    {
        int n = 1 << log;
        double step = Math.PI * at / n, norm = Math.Sqrt(2.0 / n);
        values[0] = 0;
        double twice = 2 * Math.Cos(step), before = 0, now = Math.Sin(step);
        for (int k = 1; k < n; k++)
        {
            values[k] = -norm * Math.PI * k / n * now;
            (before, now) = (now, (twice * now) - before);
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(Span<double> sum, double scale, ReadOnlySpan<float> row)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += scale * row[i];
    }

    private static void Grow(ref double[] buffer, int count)
    {
        if (buffer.Length < count)
            buffer = new double[count];
    }

    // What the evaluation of a point needs.
    private sealed class Point(int channels)
    {
        public double[] Values { get; } = new double[channels];

        public double[] AlongX { get; } = new double[channels];

        public double[] AlongY { get; } = new double[channels];

        public double[] Across { get; } = new double[MostSide];

        public double[] Down { get; } = new double[MostSide];

        public double[] AcrossSlope { get; } = new double[MostSide];

        public double[] DownSlope { get; } = new double[MostSide];

        public double[] Part { get; } = new double[MostSide];
    }
}
