namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Chooses refinements: what the layers before leave, by least error + λ·bits.</summary>
internal sealed class RefinementEncoder : IRefinementChooser
{
    private readonly PictureHeader _header;
    private readonly float[][] _planes;
    private readonly ParsedPicture _picture;
    private readonly RefinementSyntax<ArithmeticEncoder> _syntax;
    private readonly CosineTransform _transform = new();
    private readonly float[] _left = new float[1 << 12];
    private readonly float[] _coefficients = new float[1 << 12];
    private readonly float[] _energy = new float[(1 << 12) + 1];
    private readonly float[] _costs = new float[(1 << 12) + 1];
    private SampleCanvas _canvas;
    private float _scale;

    private RefinementEncoder(PictureHeader header, float[][] planes, SampleCanvas canvas, ParsedPicture picture)
    {
        _header = header;
        _planes = planes;
        _canvas = canvas;
        _picture = picture;
        _syntax = new RefinementSyntax<ArithmeticEncoder>(picture);
    }

    /// <summary>Adds layers to a picture.</summary>
    /// <param name="header">The header.</param>
    /// <param name="planes">Padded samples in steps.</param>
    /// <param name="canvas">The samples as they are decoded without layers.</param>
    /// <param name="picture">The picture, whose layers grow.</param>
    /// <param name="coder">Where the bits go.</param>
    public static void Encode(PictureHeader header, float[][] planes, SampleCanvas canvas, ParsedPicture picture, ref ArithmeticEncoder coder)
    {
        var encoder = new RefinementEncoder(header, planes, canvas, picture);
        for (int i = 1; i <= header.Refinements; i++)
        {
            encoder._scale = 1 << i;
            encoder._syntax.Run(ref coder, encoder);
            if (i < header.Refinements)
                encoder._canvas = BoxDecoder.Refine(picture, canvas);
        }
    }

    /// <inheritdoc/>
    public int Choose(BoxPlace place, int channel, int baseClass, int[] levels)
    {
        var table = BoxTable.For(place.LogWidth, place.LogHeight);
        _canvas.Take(channel, place, _left);
        for (int y = 0; y < place.Height; y++)
        {
            var source = _planes[channel].AsSpan(((place.Y + y) * _header.Stride) + place.X, place.Width);
            for (int x = 0; x < place.Width; x++)
                _left[(y * place.Width) + x] = (source[x] - _left[(y * place.Width) + x]) * _scale;
        }

        _transform.Forward(_left, _coefficients, place.LogWidth, place.LogHeight);
        Array.Clear(levels, 0, table.Area);
        float energy = 0;
        int count = 0;
        for (int i = 0; i < table.Area; i++)
        {
            float x = _coefficients[table.Order[i]];
            energy += x * x;
            _energy[i + 1] = energy;
            if (Math.Abs(x) > 0.5f)
                count = i + 1;
        }

        if (count == 0)
            return 0;
        for (int i = count - 1; i >= 0; i--)
            _costs[i] = Decide(_coefficients[table.Order[i]], table.Order[i], levels);
        float sum = 0, least = float.PositiveInfinity, bits = 0;
        int best = 0, end = 0;
        for (int index = 0; index < table.ClassCount; index++)
        {
            int next = Math.Min(BoxTable.ClassEnd(index), count);
            for (; end < next; end++)
                sum += _costs[end];
            float stop = index == table.ClassCount - 1 ? 0 : BitCost.Of(_syntax.Model.PredictCount(index, baseClass), 0);
            float price = sum + energy - _energy[end] + (LevelSearch.Price * (bits + stop));
            if (price < least)
                (least, best) = (price, index);
            if (end == count)
                break;
            bits += BitCost.Of(_syntax.Model.PredictCount(index, baseClass), 1);
        }

        int kept = Math.Min(BoxTable.ClassEnd(best), count), used = 0;
        for (int i = 0; i < count; i++)
        {
            int at = table.Order[i];
            if (levels[at] == 0)
                continue;
            // The contexts see what is coded only as it is coded.
            _syntax.Model.Put(at, 0);
            if (i >= kept)
                levels[at] = 0;
            else
                used = i + 1;
        }

        return Math.Min(best, BoxTable.ClassOf(used));
    }

    private float Decide(float x, int place, int[] levels)
    {
        float size = Math.Abs(x);
        int rounded = (int)Math.Min(size + 0.5f, RefinementModel.Most);
        var model = _syntax.Model;
        model.Locate(place);
        float least = (size * size) + (LevelSearch.Price * BitCost.Of(model.Predict(0), 0));
        if (rounded == 0)
            return least;
        int sign = Math.Sign(x), chosen = 0;
        float signBits = BitCost.Of(model.PredictSign(), sign == model.Outwards(place) ? 1 : 0), bits = signBits;
        for (int level = 1; level <= rounded; level++)
        {
            bits += BitCost.Of(model.Predict(level - 1), 1);
            if (level < rounded - 1)
                continue;
            float error = size - level, price = (error * error) + (LevelSearch.Price * (bits + BitCost.Of(model.Predict(level), 0)));
            if (price < least)
                (least, chosen) = (price, level);
        }

        if (chosen != 0)
        {
            levels[place] = sign * chosen;
            model.Put(place, sign * chosen);
        }

        return least;
    }
}
