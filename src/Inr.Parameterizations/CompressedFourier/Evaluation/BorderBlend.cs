namespace Inr.Parameterizations.CompressedFourier;

/// <summary>How the two sides of a border of boxes approach each other: the smaller the jump, the more.</summary>
/// <remarks>
/// At a border, J is the jump between the samples beside it less the mean of the slopes on its sides, in steps, and a is the larger
/// slope. With c = ½·g·J, g = ½·(1 − (J² + a²)/(4·1.44))⁴ where that is positive, the side before the border gains c·ρ(d) and
/// the other one loses it: ρ falls from 1 at the border to 0 at a distance of half the box, 4 samples at the most. Borders are
/// judged on the samples before any blending; a large jump is an edge, and stays.
/// </remarks>
internal static class BorderBlend
{
    private const int Reach = 4;
    private const float Width = 1.44f;
    private const float Strength = 0.5f;

    /// <summary>The distance in which a border fades.</summary>
    /// <param name="side">The side of the box across it.</param>
    public static int ReachOf(int side) => Math.Min(side / 2, Reach);

    /// <summary>The square of a jump that is an edge, in coarse steps: 1.44 steps of the finest layer.</summary>
    /// <param name="layers">Layers of refinements.</param>
    public static float WidthOf(int layers) => Width / (1 << (2 * layers));

    /// <summary>c of the border before a sample.</summary>
    /// <param name="plane">Samples without blending.</param>
    /// <param name="at">The first sample after the border.</param>
    /// <param name="step">From a sample to the next one across the border.</param>
    /// <param name="width">From <see cref="WidthOf"/>.</param>
    public static float Amplitude(float[] plane, int at, int step, float width)
    {
        float before = plane[at - step], after = plane[at];
        float slopeBefore = before - plane[at - (2 * step)], slopeAfter = plane[at + step] - after;
        float jump = after - before - (0.5f * (slopeBefore + slopeAfter));
        float slope = Math.Max(Math.Abs(slopeBefore), Math.Abs(slopeAfter));
        float rest = 1 - (((jump * jump) + (slope * slope)) / (4 * width));
        if (rest <= 0)
            return 0;
        rest *= rest;
        return 0.5f * Strength * rest * rest * jump;
    }

    /// <summary>The planes with all borders blended.</summary>
    public static float[][] Apply(PictureHeader header, SampleCanvas canvas, ReadOnlySpan<ParsedBox> boxes, float width)
    {
        var blended = new float[canvas.Planes.Length][];
        ParsedBox[] all = boxes.ToArray();
        // A box changes its own samples only, and is judged on those without blending.
        Parallel.For(0, blended.Length, channel =>
        {
            blended[channel] = GC.AllocateUninitializedArray<float>(canvas.Planes[channel].Length);
            canvas.Planes[channel].CopyTo(blended[channel], 0);
            foreach (var (place, _, isExact) in all)
            {
                if (isExact)
                    continue;
                Sides(canvas.Planes[channel], blended[channel], canvas.Stride, 1, place.Y, Math.Min(place.Height, header.Height - place.Y), place.X, place.Width, header.Width, width);
                Sides(canvas.Planes[channel], blended[channel], 1, canvas.Stride, place.X, Math.Min(place.Width, header.Width - place.X), place.Y, place.Height, header.Height, width);
            }
        });
        return blended;
    }

    // Both borders of a box on one axis.
    private static void Sides(float[] from, float[] to, int along, int across, int firstLine, int lines, int first, int side, int end, float width)
    {
        int reach = ReachOf(side);
        for (int line = firstLine; line < firstLine + lines; line++)
        {
            int at = (line * along) + (first * across);
            if (first > 0)
            {
                float c = Amplitude(from, at, across, width);
                for (int i = 0; c != 0 && i < reach; i++)
                    to[at + (i * across)] -= c * (1 - ((i + 0.5f) / reach));
            }

            if (first + side < end)
            {
                float c = Amplitude(from, at + (side * across), across, width);
                for (int i = 0; c != 0 && i < reach; i++)
                    to[at + ((side - 1 - i) * across)] += c * (1 - ((i + 0.5f) / reach));
            }
        }
    }
}
