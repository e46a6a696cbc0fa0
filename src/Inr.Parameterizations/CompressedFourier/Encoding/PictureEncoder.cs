namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Codes a picture: the tree by an estimate, then mode and levels of every box against the samples decoded so far.</summary>
internal sealed class PictureEncoder : IBoxChooser
{
    private const int Finalists = 5;


    private readonly PictureHeader _header;
    private readonly float[][] _planes;
    private readonly Dictionary<BoxPlace, byte> _splits;
    private readonly ExactPlane? _colors;
    private readonly SampleCanvas _canvas;
    private readonly BoxPrediction _prediction = new();
    private readonly CosineTransform _transform = new();
    private readonly PictureSyntax<ArithmeticEncoder> _syntax;
    private readonly LevelSearch _search;
    private readonly float[] _samples = new float[1 << 12];
    private readonly float[] _left = new float[1 << 12];
    private readonly float[] _predicted = new float[1 << 12];
    private readonly float[] _coefficients = new float[1 << 12];
    private readonly int[] _levels = new int[1 << 12];

    private PictureEncoder(PictureHeader header, float[][] planes, Dictionary<BoxPlace, byte> splits, ExactPlane? colors, ParsedPicture picture)
    {
        _header = header;
        _planes = planes;
        _splits = splits;
        _colors = header.ExactBits > 0 ? colors : null;
        _canvas = new SampleCanvas(header);
        _syntax = new PictureSyntax<ArithmeticEncoder>(header, new ArithmeticEncoder(), this, picture.Add);
        _search = new LevelSearch(_syntax.Levels);
    }

    /// <summary>Codes planes.</summary>
    /// <param name="header">The header.</param>
    /// <param name="planes">Padded samples in steps, colors turned.</param>
    /// <param name="splits">The boxes that are split, from <see cref="TreeSearch"/>.</param>
    /// <param name="colors">The samples as they are, where boxes are exact.</param>
    /// <param name="next">Called before every tree; may end the work by an exception.</param>
    /// <returns>All bytes, and the boxes that they hold.</returns>
    public static (byte[] Bytes, ParsedPicture Picture) Encode(PictureHeader header, float[][] planes, Dictionary<BoxPlace, byte> splits, ExactPlane? colors, Action? next)
    {
        var picture = new ParsedPicture(header);
        var encoder = new PictureEncoder(header, planes, splits, colors, picture);
        var coder = encoder._syntax.Run(next);
        picture.Colors = encoder._syntax.Colors;
        if (header.Refinements > 0)
        {
            RefinementEncoder.Encode(header, planes, encoder._canvas, picture, ref coder);
            byte[] coded = coder.Finish();
            return ([.. (header with { CodedBytes = coded.Length }).ToBytes(), .. coded], picture);
        }

        return ([.. header.ToBytes(), .. coder.Finish()], picture);
    }

    /// <inheritdoc/>
    public ExactPlane? Colors => _colors;

    /// <inheritdoc/>
    public int Split(BoxPlace place) => _splits.GetValueOrDefault(place) is var split && split == TreeSearch.Exact ? 0 : split;

    /// <inheritdoc/>
    public void Choose(CodedBox box)
    {
        var place = box.Place;
        box.IsExact = _splits.GetValueOrDefault(place) == TreeSearch.Exact;
        if (box.IsExact)
        {
            ChooseExact(place);
            return;
        }

        var table = BoxTable.For(place.LogWidth, place.LogHeight);
        var (left, top) = _syntax.Around(place);
        int above = _canvas.Above(place), beside = _canvas.Beside(place);
        box.Mode = BoxPrediction.Mean;
        if (_header.Rules.Predicts)
            ChooseMode(box, table, left, top, above, beside);
        for (int channel = 0; channel < _header.Channels; channel++)
        {
            if (channel > 0 || !_header.Rules.Predicts)
            {
                Residual(channel, place, box.Mode, above, beside);
                _transform.Forward(_left, _coefficients, place.LogWidth, place.LogHeight);
                ChooseLink(channel, box, table, left, top);
            }
            else
            {
                // What the other channels see of this one.
                Put(0, box, table, left, top);
                Residual(0, place, box.Mode, above, beside);
            }

            Reconstruct(channel, box);
        }

        _canvas.Finish(place);
    }

    private void ChooseExact(BoxPlace place)
    {
        for (int channel = 0; channel < _header.Channels; channel++)
        {
            ExactColors.Take(_header, _colors!, place, channel, _samples);
            _canvas.Put(channel, place, _samples);
        }

        _canvas.Finish(place);
    }

    private void ChooseMode(CodedBox box, BoxTable table, BoxNeighbor? left, BoxNeighbor? top, int above, int beside)
    {
        var place = box.Place;
        Span<int> finalists = stackalloc int[Finalists];
        Span<float> prices = stackalloc float[Finalists];
        prices.Fill(float.PositiveInfinity);
        Take(0, place);
        _prediction.Begin(_canvas.Planes[0], _canvas.Stride, place, above, beside);
        int modes = place.X == 0 && place.Y == 0 ? BoxPrediction.FirstDirection : BoxPrediction.Modes;
        for (int mode = 0; mode < modes; mode++)
        {
            _prediction.Predict(mode, _predicted);
            Subtract(table.Area);
            _transform.Forward(_left, _coefficients, place.LogWidth, place.LogHeight);
            float price = CodedCost.Of(_coefficients.AsSpan(0, table.Area)) + (CodedCost.Price * (float)_syntax.ModeBits(mode, place));
            for (int i = 0; i < Finalists; i++)
            {
                if (price >= prices[i])
                    continue;
                for (int j = Finalists - 1; j > i; j--)
                    (prices[j], finalists[j]) = (prices[j - 1], finalists[j - 1]);
                (prices[i], finalists[i]) = (price, mode);
                break;
            }
        }

        float least = float.PositiveInfinity;
        for (int i = 0; i < Finalists && prices[i] < float.PositiveInfinity; i++)
        {
            _prediction.Predict(finalists[i], _predicted);
            Subtract(table.Area);
            _transform.Forward(_left, _coefficients, place.LogWidth, place.LogHeight);
            var (index, price) = Levels(0, box, table, left, top, _levels);
            price += CodedCost.Price * (float)_syntax.ModeBits(finalists[i], place);
            if (price >= least)
                continue;
            least = price;
            box.Mode = finalists[i];
            box.Classes[0] = index;
            _levels.AsSpan(0, table.Area).CopyTo(box.Levels[0]);
        }
    }

    // Levels of a channel after the first, with a part of the first taken over where that pays.
    private void ChooseLink(int channel, CodedBox box, BoxTable table, BoxNeighbor? left, BoxNeighbor? top)
    {
        int[] first = box.Levels[0];
        (box.Classes[channel], float price) = Levels(channel, box, table, left, top, box.Levels[channel]);
        box.Links[channel] = 0;
        if (channel == 0 || box.Classes[0] == 0)
            return;
        price += CodedCost.Price * (float)_syntax.LinkBits(channel, 0, box.Classes[0], left, top);
        double product = 0, square = 0;
        for (int i = 0; i < table.Area; i++)
        {
            product += _coefficients[i] * first[i];
            square += (double)first[i] * first[i];
        }

        double factor = product / square;
        if (Math.Abs(factor) > 1.0 / 20)
        {
            int link = ChannelLink.Nearest(factor);
            float taken = ChannelLink.Factor(link);
            for (int i = 0; i < table.Area; i++)
                _coefficients[i] -= taken * first[i];
            var (index, linked) = Levels(channel, box, table, left, top, _levels);
            linked += CodedCost.Price * (float)_syntax.LinkBits(channel, link, box.Classes[0], left, top);
            if (linked < price)
            {
                (box.Classes[channel], box.Links[channel]) = (index, link);
                _levels.AsSpan(0, table.Area).CopyTo(box.Levels[channel]);
                return;
            }
        }

        // The contexts of the next channel hold the levels that were kept.
        Put(channel, box, table, left, top);
    }

    private void Put(int channel, CodedBox box, BoxTable table, BoxNeighbor? left, BoxNeighbor? top)
    {
        _syntax.Levels.Begin(table, channel, left, top);
        for (int p = 0; p < table.Area; p++)
        {
            if (box.Levels[channel][p] != 0)
                _syntax.Levels.Put(p, Math.Abs(box.Levels[channel][p]));
        }
    }

    private (int Class, float Price) Levels(int channel, CodedBox box, BoxTable table, BoxNeighbor? left, BoxNeighbor? top, int[] levels) =>
        _search.Run(_coefficients, table, channel, left, top, index => _syntax.CountBits(channel, index, box.Classes, box.Place, table), levels);

    // What is left of a channel after its prediction.
    private void Residual(int channel, BoxPlace place, int mode, int above, int beside)
    {
        Take(channel, place);
        if (!_header.Rules.Predicts)
        {
            _predicted.AsSpan(0, place.Area).Clear();
        }
        else
        {
            _prediction.Begin(_canvas.Planes[channel], _canvas.Stride, place, above, beside);
            _prediction.Predict(mode, _predicted);
        }

        Subtract(place.Area);
    }

    private void Reconstruct(int channel, CodedBox box)
    {
        var place = box.Place;
        int[] levels = box.Levels[channel], first = box.Levels[0];
        var coefficients = _coefficients.AsSpan(0, place.Area);
        float factor = ChannelLink.Factor(box.Links[channel]);
        for (int i = 0; i < coefficients.Length; i++)
            coefficients[i] = levels[i] + (factor * first[i]);
        var samples = _samples.AsSpan(0, place.Area);
        _transform.Inverse(coefficients, samples, place.LogWidth, place.LogHeight);
        BoxDecoder.Add(samples, _predicted.AsSpan(0, place.Area));
        _canvas.Put(channel, place, samples);
    }

    private void Take(int channel, BoxPlace place)
    {
        for (int y = 0; y < place.Height; y++)
            _planes[channel].AsSpan(((place.Y + y) * _header.Stride) + place.X, place.Width).CopyTo(_samples.AsSpan(y * place.Width));
    }

    private void Subtract(int area)
    {
        for (int i = 0; i < area; i++)
            _left[i] = _samples[i] - _predicted[i];
    }
}
