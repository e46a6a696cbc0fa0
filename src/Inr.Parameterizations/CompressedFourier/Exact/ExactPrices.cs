namespace Inr.Parameterizations.CompressedFourier;

/// <summary>What the samples of a picture would cost as they are, for the search of its tree: one pass over all trees that look like text.</summary>
/// <remarks>Where few samples are equal to their neighbors, cosines cost less, and the pass is spared.</remarks>
internal sealed class ExactPrices
{
    // The share of samples that are equal to a neighbor, below which a tree is no text.
    private const double LeastRepeated = 0.25;

    private const int Side = 64;

    private readonly float[]?[] _sums;
    private readonly int _columns;

    private ExactPrices(PictureHeader header)
    {
        _columns = header.Columns;
        _sums = new float[header.Columns * header.Rows][];
    }

    /// <summary>Prices samples.</summary>
    /// <param name="header">The header, with the bits of the samples.</param>
    /// <param name="source">The samples.</param>
    /// <param name="all">Whether all trees are priced, whatever they look like.</param>
    /// <param name="next">Called before every tree; may end the work by an exception.</param>
    /// <returns>Null where no tree was priced.</returns>
    public static ExactPrices? Of(PictureHeader header, ExactPlane source, bool all, Action? next)
    {
        ExactPrices? prices = null;
        ExactModel? model = null;
        for (int row = 0; row < header.Rows; row++)
        {
            for (int column = 0; column < header.Columns; column++)
            {
                int left = column * Side, top = row * Side, right = Math.Min(left + Side, source.Width), bottom = Math.Min(top + Side, source.Height);
                if (!all && Repeated(source, left, top, right, bottom) < LeastRepeated * (right - left) * (bottom - top))
                    continue;
                next?.Invoke();
                prices ??= new ExactPrices(header);
                model ??= new ExactModel(source.Width, source.Height, header.Channels, header.ExactBits);
                prices._sums[(row * header.Columns) + column] = Sums(model, source, left, top, right, bottom);
            }
        }

        return prices;
    }

    /// <summary>The bits of the samples of a box; infinite where they were not priced.</summary>
    public float Bits(BoxPlace place)
    {
        int left = place.X % Side, top = place.Y % Side;
        return _sums[(place.Y / Side * _columns) + (place.X / Side)] is { } sums
            ? At(sums, left + place.Width, top + place.Height) - At(sums, left, top + place.Height) - At(sums, left + place.Width, top) + At(sums, left, top)
            : float.PositiveInfinity;
    }

    private static float At(float[] sums, int x, int y) => sums[(y * (Side + 1)) + x];

    // Entry (y, x): the bits above and to the left.
    private static float[] Sums(ExactModel model, ExactPlane source, int left, int top, int right, int bottom)
    {
        var sums = new float[(Side + 1) * (Side + 1)];
        for (int y = 0; y < Side; y++)
        {
            float row = 0;
            for (int x = 0; x < Side; x++)
            {
                if (left + x < right && top + y < bottom)
                {
                    var coder = new PricingCoder();
                    model.Sample(ref coder, left + x, top + y, source);
                    row += coder.Bits;
                }

                sums[((y + 1) * (Side + 1)) + x + 1] = At(sums, x + 1, y) + row;
            }
        }

        return sums;
    }

    private static int Repeated(ExactPlane source, int left, int top, int right, int bottom)
    {
        int count = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                int at = source.At(x, y);
                if (source.Colors[at] == source.Colors[at - 1] || source.Colors[at] == source.Colors[at - source.Stride])
                    count++;
            }
        }

        return count;
    }
}
