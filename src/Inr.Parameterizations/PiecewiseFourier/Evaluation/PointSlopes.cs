namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The derivatives of the expansion in the coordinates, in closed form: one wave of each product becomes its slope.</summary>
/// <remarks>Where two regions blend softly, the slope of their shares is added; a hard cut has none.</remarks>
internal sealed unsafe class PointSlopes
{
    private readonly DenseRegions _regions;
    private readonly PointPlaces _places;
    private readonly PiecewiseShape _shape;
    private readonly float[] _inverse;
    private readonly int _stride = 8;

    /// <param name="regions">The expansion.</param>
    /// <param name="places">Its point location.</param>
    public PointSlopes(DenseRegions regions, PointPlaces places)
    {
        _regions = regions;
        _places = places;
        _shape = regions.Structure.Shape;
        _inverse = ColorRotation.Inverse(_shape.Channels);
        foreach (var region in regions.Regions)
        {
            for (int a = 0; a < 3; a++)
                _stride = Math.Max(_stride, (region.Extent(a) + 7) / 8 * 8);
        }
    }

    /// <summary>Differentiates at some points.</summary>
    /// <param name="coordinates">[N, d].</param>
    /// <param name="leaves">The leaf of each point, where no look-up finds it.</param>
    /// <param name="from">The first point.</param>
    /// <param name="to">The one after the last.</param>
    /// <param name="jacobian">Receives [N, channels, d].</param>
    public void Run(float* coordinates, int[]? leaves, int from, int to, float* jacobian)
    {
        int d = _shape.Grid.Length, channels = _shape.Channels;
        var waves = new float[6 * _stride];
        var sums = new float[(d + 1) * 2 * channels];
        Span<double> position = stackalloc double[d];
        fixed (float* wave = waves, sum = sums, dense = _regions.Values)
        {
            for (int i = from; i < to; i++)
            {
                ref readonly var leaf = ref _places.Find(coordinates + (i * (long)d), leaves, i, position);
                Differentiate(leaf, position, dense, wave, sum);
                float* row = jacobian + (i * (long)channels * d);
                for (int c = 0; c < channels; c++)
                {
                    for (int a = 0; a < d; a++)
                    {
                        float v = 0;
                        for (int k = 0; k < channels; k++)
                            v += _inverse[(c * channels) + k] * sum[((a + 1) * channels) + k];
                        row[(c * d) + a] = v;
                    }
                }
            }
        }
    }

    // sum: [value, slope on axis 0, …][channel], then the same of the second region where two blend.
    private void Differentiate(in PointPlaces.Leaf leaf, Span<double> position, float* dense, float* wave, float* sum)
    {
        int d = position.Length, channels = _shape.Channels, number = leaf.FirstRegion;
        bool blends = leaf.Cut >= 0 && _shape.IndicatorWidth > 0;
        if (leaf.Cut >= 0 && !blends && _places.Cut(leaf).Distance(position) >= 0)
            number++;
        for (int axis = 0; axis < 3; axis++)
        {
            float* w = wave + (axis * _stride);
            int extent = Math.Max(_regions.Regions[number].Extent(axis), blends ? _regions.Regions[number + 1].Extent(axis) : 0), a = axis - (3 - d);
            if (a < 0)
            {
                *w = 1;
                continue;
            }

            float t = leaf.Unit(position[a], a);
            CosineWave.Fill(t, Math.Max(extent, 8), ref *w);
            CosineWave.FillSlopes(t, Math.Max(extent, 8), ref w[3 * _stride]);
        }

        Slopes(number, leaf, d, dense, wave, sum);
        if (!blends)
            return;
        float* other = sum + ((d + 1) * channels);
        Slopes(number + 1, leaf, d, dense, wave, other);
        double share = 1 / (1 + Math.Exp(-_places.Cut(leaf).Distance(position) / _shape.IndicatorWidth));
        for (int a = 0; a < d; a++)
        {
            double slope = share * (1 - share) / _shape.IndicatorWidth * _places.Cut(leaf).Slope(position, a) * _shape.Grid[a] * 0.5;
            for (int c = 0; c < channels; c++)
            {
                int at = ((a + 1) * channels) + c;
                sum[at] += (float)((share * (other[at] - sum[at])) + (slope * (other[c] - sum[c])));
            }
        }
    }

    private void Slopes(int number, in PointPlaces.Leaf leaf, int d, float* dense, float* wave, float* sum)
    {
        ref readonly var region = ref _regions.Regions[number];
        int channels = _shape.Channels;
        float* w0 = wave, w1 = wave + _stride, w2 = w1 + _stride;
        int slope = 3 * _stride;
        PointKernels.Sum(region, dense, w0, w1, w2, channels, sum);
        for (int a = 0; a < d; a++)
        {
            int axis = 3 - d + a;
            float* to = sum + ((a + 1) * channels);
            PointKernels.Sum(region, dense, axis == 0 ? w0 + slope : w0, axis == 1 ? w1 + slope : w1, axis == 2 ? w2 + slope : w2, channels, to);
            // A position in the box moves by grid/(2·size) as the coordinate moves by 1.
            float scale = (float)(_shape.Grid[a] * 0.5 / leaf.Size[a]);
            for (int c = 0; c < channels; c++)
                to[c] *= scale;
        }
    }
}
