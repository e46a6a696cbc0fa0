namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Levels of a channel of a box by least error + λ·bits, with the contexts as they stand.</summary>
internal sealed class LevelSearch(LevelModel model)
{
    /// <summary>The price of a bit of a level, in squared steps.</summary>
    public const float Price = 0.09f;

    private const int MostLevel = 1 << 20;

    private readonly float[] _costs = new float[(1 << 12) + 1];
    private readonly float[] _energy = new float[(1 << 12) + 1];

    /// <summary>Chooses levels and how many of them are coded.</summary>
    /// <param name="coefficients">In steps, by place.</param>
    /// <param name="table">The shape.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="left">The box to the left.</param>
    /// <param name="top">The box above.</param>
    /// <param name="classBits">The bits of a class of counts.</param>
    /// <param name="levels">Receives the levels by place, zeros included.</param>
    /// <returns>The class, and error + λ·bits, with the price of trees and modes for the bits.</returns>
    public (int Class, float Price) Run(ReadOnlySpan<float> coefficients, BoxTable table, int channel, BoxNeighbor? left, BoxNeighbor? top, Func<int, double> classBits, Span<int> levels)
    {
        int area = table.Area;
        levels[..area].Clear();
        int count = 0;
        float energy = 0;
        for (int i = 0; i < area; i++)
        {
            float x = coefficients[table.Order[i]];
            energy += x * x;
            _energy[i + 1] = energy;
            if (Math.Abs(x) > 0.5f)
                count = i + 1;
        }

        model.Begin(table, channel, left, top);
        if (count == 0)
            return (0, energy + (CodedCost.Price * (float)classBits(0)));
        int last = BoxTable.ClassOf(count);
        // The sum over i < n of the costs of the decisions, for every n.
        for (int i = count - 1; i >= 0; i--)
            _costs[i] = Decide(coefficients[table.Order[i]], table.Order[i], levels);
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            float cost = _costs[i];
            _costs[i] = sum;
            sum += cost;
        }

        _costs[count] = sum;
        int best = 0;
        float least = float.PositiveInfinity;
        for (int index = 0; index <= last; index++)
        {
            int end = Math.Min(BoxTable.ClassEnd(index), count);
            float price = _costs[end] + (energy - _energy[end]) + (Price * (float)classBits(index));
            if (price < least)
                (least, best) = (price, index);
        }

        int kept = Math.Min(BoxTable.ClassEnd(best), count), used = 0;
        for (int i = 0; i < count; i++)
        {
            int place = table.Order[i];
            if (i >= kept && levels[place] != 0)
            {
                levels[place] = 0;
                model.Put(place, 0);
            }

            if (levels[place] != 0)
                used = i + 1;
        }

        // The rest of the class may be empty.
        best = Math.Min(best, BoxTable.ClassOf(used));
        return (best, least);
    }

    private float Decide(float x, int place, Span<int> levels)
    {
        float size = Math.Abs(x);
        int rounded = (int)Math.Min(size + 0.5f, MostLevel);
        model.Locate(place);
        float zeroBits = BitCost.Of(model.Predict(0), 0);
        float least = (size * size) + (Price * zeroBits);
        if (rounded == 0)
            return least;
        int chosen = 0;
        for (int level = Math.Max(1, rounded - 1); level <= rounded; level++)
        {
            float error = size - level;
            float price = (error * error) + (Price * MagnitudeBits(level));
            if (price < least)
                (least, chosen) = (price, level);
        }

        if (chosen != 0)
        {
            levels[place] = x < 0 ? -chosen : chosen;
            model.Put(place, chosen);
        }

        return least;
    }

    private float MagnitudeBits(int level)
    {
        float bits = 1;
        for (int b = 0; b < LevelModel.MostUnary; b++)
        {
            bits += BitCost.Of(model.Predict(b), level > b ? 1 : 0);
            if (level == b)
                return bits;
        }

        return bits + (2 * int.Log2(level - LevelModel.MostUnary + 1)) + 1;
    }
}
