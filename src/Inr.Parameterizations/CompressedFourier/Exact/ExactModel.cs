namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Samples as the whole numbers that they are, coded after their neighbors: for text, drawings and screens.</summary>
/// <remarks>
/// A sample is a color. The first questions are whether it is one that is likely here: what followed the last time that the samples
/// around it were the same (this copies glyphs and textures), or a neighbor. Else its channels are coded one by one, as what is left
/// of a prediction: on the line between two plain colors, as a smoothed edge is, or from the neighbors. Contexts know samples of exact
/// boxes only and whole numbers only; a sample that is not there has a color of its own.
/// </remarks>
internal sealed class ExactModel
{
    private const int Even = 1 << 15;
    private const ulong Unknown = ExactPlane.Unknown;
    private const ulong Factor = 0x9E3779B97F4A7C15;
    private const int LogCounters = 18;
    private const int LogMemory = 16;
    private const int MostCandidates = 6;
    private const int Confidences = 4;
    private const int MostConfidence = 15;
    private const int FlagSets = MostCandidates * Confidences * Confidences;
    private const int ClassSets = 20;
    private const int Solids = 4;
    private const int ModelledBits = 3;

    private readonly int _channels;
    private readonly int _most;
    private readonly int _bits;
    private readonly ExactPlane _plane;
    private readonly BitModel _flags = new(1 << LogCounters, FlagSets, 4);
    private readonly BitModel _values = new(1 << LogCounters, ExactColors.MostChannels * ClassSets, 4);
    private readonly Memory _long = new();
    private readonly Memory _short = new();
    private readonly ulong[] _solids = new ulong[Solids];
    private readonly int[] _mixedErrors = new int[ExactColors.MostChannels];
    private readonly int[] _smoothErrors = new int[ExactColors.MostChannels];
    private readonly ulong[] _candidates = new ulong[MostCandidates];
    private readonly ulong[] _hashes = new ulong[BitModel.MostContexts];
    private readonly int[] _contexts = new int[BitModel.MostContexts];

    /// <param name="width">Samples of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">Values of a sample, 4 at most.</param>
    /// <param name="bits">Bits of a value, 16 at most.</param>
    public ExactModel(int width, int height, int channels, int bits)
    {
        _channels = channels;
        _bits = bits;
        _most = (1 << bits) - 1;
        _plane = new ExactPlane(width, height);
        Array.Fill(_solids, Unknown);
    }

    /// <summary>The colors that were coded.</summary>
    public ExactPlane Plane => _plane;

    /// <summary>Codes the samples of a box, row by row.</summary>
    /// <param name="coder">Writes or reads.</param>
    /// <param name="box">The box; what is outside of the picture is left out.</param>
    /// <param name="source">The colors of the picture; null where they are read.</param>
    public void Code<TCoder>(ref TCoder coder, BoxPlace box, ExactPlane? source)
        where TCoder : struct, IBitCoder
    {
        int left = box.X, top = box.Y, right = Math.Min(left + box.Width, _plane.Width), bottom = Math.Min(top + box.Height, _plane.Height);
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
                Sample(ref coder, x, y, source);
        }
    }

    /// <summary>Codes a sample.</summary>
    /// <param name="coder">Writes or reads.</param>
    /// <param name="x">Its column.</param>
    /// <param name="y">Its row.</param>
    /// <param name="source">The colors of the picture; null where they are read.</param>
    public void Sample<TCoder>(ref TCoder coder, int x, int y, ExactPlane? source)
        where TCoder : struct, IBitCoder
    {
        ulong[] p = _plane.Colors;
        int at = _plane.At(x, y), up = at - _plane.Stride, upper = up - _plane.Stride;
        ulong color = source is null ? 0 : source.Colors[at];
        ulong w = p[at - 1], ww = p[at - 2], n = p[up], nn = p[upper], nw = p[up - 1], ne = p[up + 1];
        ulong near = Mix(Mix(Mix(Mix(1, w), n), nw), ne);
        ulong wide = Mix(Mix(Mix(near, ww), nn), p[up + 2]);
        ulong widest = Mix(Mix(Mix(Mix(wide, p[upper + 1]), p[upper - 1]), p[up - 2]), p[at - 3]);
        _long.Find(widest);
        _short.Find(wide);
        int pattern = (w == n ? 1 : 0) + (Label(nw, w, n, ne) << 1) + (Label(ne, w, n, nw) << 3) + (Label(ww, w, n, ne) << 5) + (Label(nn, w, n, ne) << 7)
            + (Label(p[up + 2], w, n, ne) << 9) + (Label(p[up - 2], w, n, ne) << 11) + (Label(p[upper + 1], w, n, ne) << 13) + (Label(p[upper - 1], w, n, ne) << 15);
        int pattern2 = (pattern << 8) + (Label(p[at - 3], w, n, ne) << 6) + (Label(p[upper + 2], w, n, ne) << 4) + (Label(p[upper - 2], w, n, ne) << 2) + Label(p[upper - _plane.Stride], w, n, ne);
        int count = 0;
        Offer(_long.Color, ref count);
        Offer(_short.Color, ref count);
        Offer(w, ref count);
        Offer(n, ref count);
        Offer(ne, ref count);
        Offer(nw, ref count);
        int found = -1;
        for (int i = 0; i < count && found < 0; i++)
        {
            ulong candidate = _candidates[i];
            int label = candidate == w ? 1 : candidate == n ? 2 : candidate == ne ? 3 : candidate == nw ? 4 : 0;
            int sure = candidate == _long.Color ? 1 + _long.Confidence : 0, alsoSure = candidate == _short.Color ? 1 + _short.Confidence : 0;
            int kind = (i * 8) + label;
            _contexts[0] = Slot(1, (ulong)((((kind * 32) + sure) * 32) + alsoSure));
            _contexts[1] = Slot(2, ((ulong)pattern * 64) + (ulong)kind);
            _contexts[2] = Slot(3, Mix(near, candidate));
            _contexts[3] = Slot(4, Mix(widest, candidate));
            _contexts[4] = Slot(5, Mix(Mix(w, n), candidate));
            _contexts[5] = Slot(6, ((ulong)pattern2 * 64) + (ulong)kind);
            int set = (((i * Confidences) + Class(sure)) * Confidences) + Class(alsoSure);
            int bit = coder.Code(color == candidate ? 1 : 0, _flags.Predict(_contexts, set, Even));
            _flags.Learn(bit);
            if (bit == 1)
                found = i;
        }

        color = found >= 0 ? _candidates[found] : Explicit(ref coder, color, w, n, nw, ne);
        _long.Learn(color);
        _short.Learn(color);
        p[at] = color;
        if (color == w && color == n)
            Plain(color);
    }

    // A color that no neighbor has.
    private ulong Explicit<TCoder>(ref TCoder coder, ulong color, ulong w, ulong n, ulong nw, ulong ne)
        where TCoder : struct, IBitCoder
    {
        w = w != Unknown ? w : n != Unknown ? n : 0;
        n = n != Unknown ? n : w;
        nw = nw != Unknown ? nw : n;
        ne = ne != Unknown ? ne : n;
        // The plain color beside it, and the two that were seen last.
        ulong first = IsPlain(w) ? w : IsPlain(n) ? n : IsPlain(ne) ? ne : IsPlain(nw) ? nw : _solids[0], second = Unknown, third = Unknown;
        for (int i = 0; i < Solids; i++)
        {
            if (_solids[i] == first || _solids[i] == Unknown)
                continue;
            if (second == Unknown)
                second = _solids[i];
            else if (third == Unknown)
                third = _solids[i];
        }

        ulong result = 0;
        int widest = 0, left = 0, error = 0;
        for (int c = 0; c < _channels; c++)
        {
            int a = ExactColors.Value(w, c), b = ExactColors.Value(n, c), d = ExactColors.Value(nw, c), e = ExactColors.Value(ne, c);
            int smooth = d >= Math.Max(a, b) ? Math.Min(a, b) : d <= Math.Min(a, b) ? Math.Max(a, b) : a + b - d;
            int plain = smooth;
            smooth = Math.Clamp(plain + left, 0, _most);
            bool canMix = c > 0 && second != Unknown;
            int mixed = canMix ? Between(first, second, widest, result, c) : smooth, other = third != Unknown && c > 0 ? Between(first, third, widest, result, c) : mixed;
            bool mixes = canMix && _mixedErrors[c] <= _smoothErrors[c];
            int predicted = mixes ? mixed : smooth;
            int activity = Level(Math.Abs(a - d) + Math.Abs(b - d) + Math.Abs(b - e));
            ulong where = (ulong)c + (mixes ? 8u : 0u);
            ulong before = (ulong)(Signed(error) + 32);
            _hashes[0] = Mix(Mix(11, where), (ulong)activity);
            _hashes[1] = Mix(Mix(12, where), (before * 64) + (ulong)(Signed((mixes ? other : mixed) - predicted) + 32));
            _hashes[2] = Mix(Mix(13, where), Mix(w, n));
            _hashes[3] = Mix(Mix(14, where), ((ulong)(Signed(a - b) + 32) * 64) + before);
            _hashes[4] = Mix(Mix(15, where), Mix(first, second));
            _hashes[5] = Mix(Mix(16, where), Mix(result, Mix(first, second)));
            int value = Difference(ref coder, c, ExactColors.Value(color, c) - predicted) + predicted;
            if (value < 0 || value > _most)
                throw new FormatException("its coded bytes have a sample that is beyond its bits.");
            (left, error) = (value - plain, value - predicted);
            Follow(ref _smoothErrors[c], value - smooth);
            Follow(ref _mixedErrors[c], value - mixed);
            result |= ExactColors.With(value, c);
            // The channel in which the two plain colors differ most places the sample between them.
            if (second != Unknown && (c == 0 || Math.Abs(ExactColors.Value(first, c) - ExactColors.Value(second, c)) > Math.Abs(ExactColors.Value(first, widest) - ExactColors.Value(second, widest))))
                widest = c;
        }

        return result;
    }

    private int Difference<TCoder>(ref TCoder coder, int channel, int difference)
        where TCoder : struct, IBitCoder
    {
        int set = channel * ClassSets;
        if (Bit(ref coder, 0, set, difference != 0 ? 1 : 0) == 0)
            return 0;
        int sign = Bit(ref coder, 1, set + 1, difference < 0 ? 1 : 0);
        int size = Math.Abs(difference), log = int.Log2(Math.Max(size, 1)), bits = 0;
        while (bits < _bits - 1 && Bit(ref coder, (2 + bits) * 2 + sign, set + 2 + bits, log > bits ? 1 : 0) == 1)
            bits++;
        int value = 1;
        for (int i = bits - 1; i >= 0; i--)
        {
            int bit = (size >> i) & 1;
            value = (2 * value) + (bits - i <= ModelledBits ? Bit(ref coder, 64 + (((bits * 16) + value) * 2) + sign, set + 19, bit) : coder.Code(bit, Even));
        }

        return sign == 1 ? -value : value;
    }

    private int Bit<TCoder>(ref TCoder coder, int question, int set, int bit)
        where TCoder : struct, IBitCoder
    {
        for (int i = 0; i < _hashes.Length; i++)
            _contexts[i] = Slot((ulong)question, _hashes[i]);
        bit = coder.Code(bit, _values.Predict(_contexts, set, Even));
        _values.Learn(bit);
        return bit;
    }

    // On the line between two colors, as far as a channel says.
    private int Between(ulong first, ulong second, int guide, ulong color, int channel)
    {
        int from = ExactColors.Value(first, guide), range = ExactColors.Value(second, guide) - from;
        int start = ExactColors.Value(first, channel), step = ExactColors.Value(second, channel) - start;
        if (range == 0)
            return start;
        long product = (long)(ExactColors.Value(color, guide) - from) * step * 2;
        long half = Math.Abs(range);
        long rounded = range > 0 ? Floor(product + half, 2 * half) : Floor(half - product, 2 * half);
        return (int)Math.Clamp(start + rounded, 0, _most);
    }

    private static long Floor(long a, long b) => a >= 0 ? a / b : -((-a + b - 1) / b);

    private void Offer(ulong color, ref int count)
    {
        if (color == Unknown)
            return;
        for (int i = 0; i < count; i++)
        {
            if (_candidates[i] == color)
                return;
        }

        _candidates[count++] = color;
    }

    private void Plain(ulong color)
    {
        if (_solids[0] == color)
            return;
        int at = Array.IndexOf(_solids, color, 1);
        for (int i = at < 0 ? Solids - 1 : at; i > 0; i--)
            _solids[i] = _solids[i - 1];
        _solids[0] = color;
    }

    private bool IsPlain(ulong color)
    {
        foreach (ulong plain in _solids)
        {
            if (plain == color)
                return true;
        }

        return false;
    }

    private static void Follow(ref int mean, int error) => mean += (Math.Abs(error) << 4) - (mean >> 3);

    private static int Class(int sure) => sure == 0 ? 0 : sure <= 1 ? 1 : sure <= 5 ? 2 : 3;

    private static int Label(ulong color, ulong a, ulong b, ulong c) => color == a ? 0 : color == b ? 1 : color == c ? 2 : 3;

    private static int Level(int size) => size == 0 ? 0 : 1 + int.Log2(size);

    private static int Signed(int value) => value < 0 ? -Level(-value) : Level(value);

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * Factor;
        return hash ^ (hash >> 29);
    }

    private static int Slot(ulong salt, ulong hash) => (int)(Mix(hash + (salt << 40), salt) >> (64 - LogCounters));

    /// <summary>What followed the last time.</summary>
    private sealed class Memory
    {
        private readonly ulong[] _colors = new ulong[1 << LogMemory];
        private readonly byte[] _confidence = new byte[1 << LogMemory];
        private int _at;

        public Memory() => Array.Fill(_colors, Unknown);

        public ulong Color { get; private set; }

        public int Confidence { get; private set; }

        public void Find(ulong hash)
        {
            _at = (int)((hash * Factor) >> (64 - LogMemory));
            Color = _colors[_at];
            Confidence = _confidence[_at];
        }

        public void Learn(ulong color)
        {
            if (color == Color)
            {
                _confidence[_at] = (byte)Math.Min(Confidence + 1, MostConfidence);
                return;
            }

            _colors[_at] = color;
            _confidence[_at] = 0;
        }
    }
}
