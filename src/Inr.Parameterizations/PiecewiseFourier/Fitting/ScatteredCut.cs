namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Finds the straight cut that separates scattered samples of a box best, judged by a linear function on each side.</summary>
/// <remarks>
/// Along each direction the samples are sorted once; running sums then give every offset between two of them. A cut lies
/// midway between two samples and keeps enough of them on each side to tell the terms apart.
/// </remarks>
internal static class ScatteredCut
{
    /// <summary>Offsets that are compared along each direction.</summary>
    private const int Offsets = 24;

    /// <summary>Samples on each side for each unknown of a linear function, at least.</summary>
    private const int SamplesPerTerm = 5;

    /// <summary>The samples of a side spread at least this far, as a standard deviation in box sides: along a line they would say nothing of what lies across.</summary>
    private const double LeastSpread = 0.04;

    /// <summary>A cut must leave less than this share of what one linear function leaves.</summary>
    private const double Gain = 0.85;

    /// <summary>Searches.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="inside">Those of the box.</param>
    /// <param name="start">The corner of the box.</param>
    /// <param name="shape">Its shape.</param>
    /// <returns>The parameters of the <see cref="CutSurface"/>, or null where none helps.</returns>
    public static double[]? Find(ScatteredSamples samples, int[] inside, int[] start, int[] shape)
    {
        int d = shape.Length, terms = d + 1, m = inside.Length, least = SamplesPerTerm * terms;
        if (m < 2 * least)
            return null;
        int longest = shape.Max();
        var whole = new LinearMoments(d, samples.Planes.Length);
        foreach (int i in inside)
            Add(whole, i);
        double limit = Gain * whole.Rest();
        double[]? best = null;
        var order = new int[m];
        var along = new double[m];
        foreach (var angles in CutDictionary.Angles(d))
        {
            var direction = new CutSurface([.. angles, 0], shape);
            for (int i = 0; i < m; i++)
            {
                order[i] = inside[i];
                along[i] = 0;
                for (int a = 0; a < d; a++)
                    along[i] += direction.Normal(a) * (samples.Positions[a][inside[i]] - start[a] - (shape[a] / 2.0));
            }

            Array.Sort(along, order);
            var before = new LinearMoments(d, samples.Planes.Length);
            int step = Math.Max(1, (m - (2 * least)) / Offsets);
            for (int i = 0; i + least < m; i++)
            {
                Add(before, order[i]);
                if (i + 1 < least || (i + 1 - least) % step != 0 || !(along[i + 1] - along[i] > 1e-3))
                    continue;
                var behind = whole.Minus(before);
                double error = before.Rest() + behind.Rest();
                if (error < limit && Math.Min(before.Spread(), behind.Spread()) > LeastSpread)
                    (best, limit) = ([.. angles, (along[i] + along[i + 1]) / longest], error);
            }
        }

        return best;

        void Add(LinearMoments moments, int sample)
        {
            Span<double> position = stackalloc double[d];
            for (int a = 0; a < d; a++)
                position[a] = ((samples.Positions[a][sample] - start[a]) / shape[a]) - 0.5;
            moments.Add(position, samples.Planes, sample);
        }
    }
}
