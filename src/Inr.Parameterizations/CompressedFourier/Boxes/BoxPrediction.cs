using System.Collections.Concurrent;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What a box is expected to be from the samples around it: a plane, their mean, or their continuation in one of 33 directions.</summary>
/// <remarks>
/// The border is one line of samples: from below the box on its left upwards to the corner, and on to the right above it, width +
/// height samples on either side. Samples that are not there yet repeat the nearest one. A direction leads every sample to a
/// place of the line, and the two samples there are interpolated.
/// </remarks>
internal sealed class BoxPrediction
{
    /// <summary>The plane.</summary>
    public const int Planar = 0;

    /// <summary>The mean of the border.</summary>
    public const int Mean = 1;

    /// <summary>The first direction.</summary>
    public const int FirstDirection = 2;

    /// <summary>The number of modes.</summary>
    public const int Modes = 35;

    private const int SmoothArea = 128;

    // How far a line moves sideways in 32 samples: dense around the axes.
    private static readonly int[] Slopes = [-32, -26, -21, -17, -13, -9, -5, -2, 0, 2, 5, 9, 13, 17, 21, 26, 32];

    private static readonly ConcurrentDictionary<(int, int), Direction[]> Directions = new();

    private readonly float[] _line = new float[257];
    private readonly float[] _smooth = new float[257];
    private float[] _used;
    private int _logWidth;
    private int _logHeight;
    private int _corner;
    private bool _left;
    private bool _top;
    private Direction[] _directions = [];

    public BoxPrediction() => _used = _line;

    /// <summary>The modes straight to the right, straight down and along the diagonal.</summary>
    public static ReadOnlySpan<int> Coarse => [Planar, Mean, FirstDirection + 8, FirstDirection + 24, FirstDirection, FirstDirection + 4, FirstDirection + 20, FirstDirection + 12];

    /// <summary>Takes the border of a box.</summary>
    /// <param name="plane">Samples, decoded or original.</param>
    /// <param name="stride">Samples of a row.</param>
    /// <param name="box">The box.</param>
    /// <param name="above">Samples that are there in the row above, from the first column of the box on.</param>
    /// <param name="beside">Samples that are there in the column to the left, from the first row of the box on.</param>
    public void Begin(float[] plane, int stride, BoxPlace box, int above, int beside)
    {
        int w = box.Width, h = box.Height, side = w + h;
        if (box.LogWidth != _logWidth || box.LogHeight != _logHeight || _directions.Length == 0)
        {
            (_logWidth, _logHeight) = (box.LogWidth, box.LogHeight);
            _directions = Directions.GetOrAdd((_logWidth, _logHeight), static k => MakeDirections(1 << k.Item1, 1 << k.Item2));
        }

        _corner = side;
        _left = box.X > 0;
        _top = box.Y > 0;
        var line = _line;
        if (!_left && !_top)
        {
            Array.Clear(line, 0, (2 * side) + 1);
            _used = line;
            return;
        }

        int origin = (box.Y * stride) + box.X;
        above = _top ? Math.Min(above, side) : 0;
        beside = _left ? Math.Min(beside, side) : 0;
        for (int i = 0; i < beside; i++)
            line[side - 1 - i] = plane[origin - 1 + (i * stride)];
        for (int i = 0; i < above; i++)
            line[side + 1 + i] = plane[origin - stride + i];
        line[side] = _left && _top ? plane[origin - stride - 1] : _left ? line[side - 1] : line[side + 1];
        for (int i = beside; i < side; i++)
            line[side - 1 - i] = line[side - i];
        for (int i = above; i < side; i++)
            line[side + 1 + i] = line[side + i];
        _used = line;
        if (box.Area < SmoothArea)
            return;
        _smooth[0] = line[0];
        _smooth[2 * side] = line[2 * side];
        for (int i = 1; i < 2 * side; i++)
            _smooth[i] = 0.25f * (line[i - 1] + (2 * line[i]) + line[i + 1]);
        _used = _smooth;
    }

    /// <summary>Predicts the box.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="samples">Receives the box row by row.</param>
    public void Predict(int mode, Span<float> samples)
    {
        int w = 1 << _logWidth, h = 1 << _logHeight;
        samples = samples[..(w * h)];
        var line = _used;
        if (mode == Mean)
        {
            samples.Fill(MeanOfBorder(w, h));
        }
        else if (mode == Planar)
        {
            float right = line[_corner + 1 + w], below = line[_corner - 1 - h], byWidth = 0.5f / w, byHeight = 0.5f / h;
            for (int y = 0; y < h; y++)
            {
                float left = line[_corner - 1 - y];
                for (int x = 0; x < w; x++)
                {
                    float top = line[_corner + 1 + x];
                    samples[(y * w) + x] = ((((w - 1 - x) * left) + ((x + 1) * right)) * byWidth) + ((((h - 1 - y) * top) + ((y + 1) * below)) * byHeight);
                }
            }
        }
        else
        {
            var (places, parts) = _directions[mode - FirstDirection];
            for (int i = 0; i < samples.Length; i++)
            {
                int at = places[i];
                float first = line[at];
                samples[i] = first + (parts[i] * (line[at + 1] - first));
            }
        }
    }

    private float MeanOfBorder(int w, int h)
    {
        if (!_left && !_top)
            return 0;
        float sum = 0;
        int count = 0;
        for (int i = 0; _top && i < w; i++, count++)
            sum += _line[_corner + 1 + i];
        for (int i = 0; _left && i < h; i++, count++)
            sum += _line[_corner - 1 - i];
        return sum / count;
    }

    private static Direction[] MakeDirections(int w, int h)
    {
        var directions = new Direction[Modes - FirstDirection];
        int side = w + h;
        for (int i = 0; i < directions.Length; i++)
        {
            // The first seventeen lead upwards, the others to the left; the diagonal is in the first only.
            bool upwards = i < Slopes.Length;
            int slope = Slopes[upwards ? i : i - Slopes.Length + 1];
            var places = new ushort[w * h];
            var parts = new float[w * h];
            for (int y = 0; y < h; y++)
            {
                for (int x = 0; x < w; x++)
                {
                    int away = (upwards ? y : x) + 1, along = (upwards ? x : y) + 1;
                    // Samples from the corner, along the side that the direction leads to; beyond the corner along the other one.
                    double position = along + (away * slope / 32.0);
                    if (position < 0)
                        position = -(away - (along * 32.0 / -slope));
                    double place = side + (upwards ? position : -position);
                    int whole = Math.Clamp((int)Math.Floor(place), 0, (2 * side) - 1);
                    places[(y * w) + x] = (ushort)whole;
                    parts[(y * w) + x] = (float)Math.Clamp(place - whole, 0, 1);
                }
            }

            directions[i] = new Direction(places, parts);
        }

        return directions;
    }

    private sealed record Direction(ushort[] Places, float[] Parts);
}
