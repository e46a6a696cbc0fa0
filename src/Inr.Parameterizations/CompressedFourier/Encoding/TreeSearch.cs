using System.Runtime.Intrinsics;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>The tree of least error + λ·bits by an estimate, exact among all trees: boxes are predicted from the original samples and so do not depend on each other.</summary>
internal sealed class TreeSearch
{
    private const float LeafBits = 12;
    private const float SplitBits = 1.5f;
    private const float ExactBits = 1;

    /// <summary>In the place of an axis: the box is a leaf and exact.</summary>
    public const byte Exact = 3;

    private readonly PictureHeader _header;
    private readonly float[][] _planes;
    private readonly BoxPrediction _prediction = new();
    private readonly CosineTransform _transform = new();
    private readonly float[] _samples = new float[1 << 12];
    private readonly float[] _predicted = new float[1 << 12];
    private readonly float[] _best = new float[1 << 12];
    private readonly float[] _coefficients = new float[1 << 12];
    private readonly Dictionary<BoxPlace, (float Price, byte Split)> _known = [];

    private readonly ExactPrices? _exact;

    private TreeSearch(PictureHeader header, float[][] planes, ExactPrices? exact)
    {
        _header = header;
        _planes = planes;
        _exact = exact;
    }

    /// <summary>Searches the trees of all roots.</summary>
    /// <param name="header">The header.</param>
    /// <param name="planes">Padded samples in steps.</param>
    /// <param name="exact">What exact boxes cost; null where there are none.</param>
    /// <param name="parallel">The threads, and the token that ends the search.</param>
    /// <param name="done">Called for every tree, from any thread.</param>
    /// <returns>The boxes that are split, with their axis, 1 sideways, 2 upright, and those that are exact, <see cref="Exact"/>.</returns>
    public static Dictionary<BoxPlace, byte> Run(PictureHeader header, float[][] planes, ExactPrices? exact, ParallelOptions parallel, Action done)
    {
        int roots = header.Columns * header.Rows;
        var found = new List<(BoxPlace, byte)>[roots];
        var rules = header.Rules;
        Parallel.For(0, roots, parallel, () => new TreeSearch(header, planes, exact), (i, _, search) =>
        {
            var root = new BoxPlace((i % header.Columns) << rules.LogRootWidth, (i / header.Columns) << rules.LogRootHeight, rules.LogRootWidth, rules.LogRootHeight);
            search._known.Clear();
            search.Best(root);
            found[i] = [];
            search.Collect(root, found[i]);
            done();
            return search;
        }, _ => { });
        var splits = new Dictionary<BoxPlace, byte>();
        foreach (var list in found)
        {
            foreach (var (place, split) in list)
                splits[place] = split;
        }

        return splits;
    }

    private void Collect(BoxPlace place, List<(BoxPlace, byte)> splits)
    {
        if (!_known.TryGetValue(place, out var best) || best.Split == 0)
            return;
        splits.Add((place, best.Split));
        if (best.Split == Exact)
            return;
        Collect(place.Half(best.Split == 1, false), splits);
        Collect(place.Half(best.Split == 1, true), splits);
    }

    private float Best(BoxPlace place)
    {
        if (place.X >= _header.Width || place.Y >= _header.Height)
            return 0;
        if (_known.TryGetValue(place, out var known))
            return known.Price;
        float price = Leaf(place) + (CodedCost.Price * LeafBits);
        byte split = 0;
        if (_exact is not null)
        {
            float exact = CodedCost.Price * (_exact.Bits(place) + ExactBits);
            if (exact < price)
                (price, split) = (exact, Exact);
        }

        for (byte axis = 1; axis <= 2; axis++)
        {
            if (!_header.Rules.CanSplit(place, axis == 1))
                continue;
            float halves = Best(place.Half(axis == 1, false)) + Best(place.Half(axis == 1, true)) + (CodedCost.Price * SplitBits);
            if (halves < price)
                (price, split) = (halves, axis);
        }

        _known.Add(place, (price, split));
        return price;
    }

    private float Leaf(BoxPlace place)
    {
        int area = place.Area, mode = _header.Rules.Predicts ? ChooseMode(place) : -1;
        float price = 0;
        for (int channel = 0; channel < _planes.Length; channel++)
        {
            Take(channel, place);
            if (mode >= 0)
            {
                if (channel > 0)
                {
                    Border(channel, place);
                    _prediction.Predict(mode, _best);
                }

                Subtract(_samples, _best, area);
            }

            _transform.Forward(_samples, _coefficients, place.LogWidth, place.LogHeight);
            price += CodedCost.Of(_coefficients.AsSpan(0, area));
        }

        return price;
    }

    // The mode of least squared error, which is cheap: the transform comes once, after it.
    private int ChooseMode(BoxPlace place)
    {
        int area = place.Area, best = BoxPrediction.Mean;
        float least = float.PositiveInfinity;
        Take(0, place);
        Border(0, place);
        foreach (int mode in BoxPrediction.Coarse)
        {
            _prediction.Predict(mode, _predicted);
            float error = Difference(_samples, _predicted, area);
            if (error >= least)
                continue;
            (least, best) = (error, mode);
            _predicted.AsSpan(0, area).CopyTo(_best);
        }

        return best;
    }

    private void Border(int channel, BoxPlace place) => _prediction.Begin(_planes[channel], _header.Stride, place, _header.Stride - place.X, Math.Min(place.Height, _header.PaddedHeight - place.Y));

    private void Take(int channel, BoxPlace place)
    {
        for (int y = 0; y < place.Height; y++)
            _planes[channel].AsSpan(((place.Y + y) * _header.Stride) + place.X, place.Width).CopyTo(_samples.AsSpan(y * place.Width));
    }

    private static float Difference(float[] a, float[] b, int count)
    {
        var sum = Vector256<float>.Zero;
        for (int i = 0; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
        {
            var d = Vector256.LoadUnsafe(ref a[0], (nuint)i) - Vector256.LoadUnsafe(ref b[0], (nuint)i);
            sum += d * d;
        }

        return CodedCost.Sum(sum);
    }

    private static void Subtract(float[] a, float[] b, int count)
    {
        for (int i = 0; i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
            (Vector256.LoadUnsafe(ref a[0], (nuint)i) - Vector256.LoadUnsafe(ref b[0], (nuint)i)).StoreUnsafe(ref a[0], (nuint)i);
    }
}
