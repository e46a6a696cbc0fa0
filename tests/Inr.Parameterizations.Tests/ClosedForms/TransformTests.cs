using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.ClosedForms;

/// <summary>The transforms and orders of the closed forms against their definitions.</summary>
public sealed class TransformTests
{
    [Theory]
    [InlineData(new[] { 9, 20 })]
    [InlineData(new[] { 16, 16 })]
    [InlineData(new[] { 33 })]
    [InlineData(new[] { 5, 1, 11 })]
    [InlineData(new[] { 3, 140 })]
    public void BoxTransform_IsTheOrthonormalCosineTransform(int[] shape)
    {
        double[] values = Values(shape, 1), result = BoxTransform.Apply(shape, values, shape);
        for (int f = 0; f < result.Length; f++)
            result[f].Should().BeApproximately(Inner(shape, values, f), 1e-12);
    }

    [Theory]
    [InlineData(new[] { 20, 23 }, new[] { 7, 10 })]
    [InlineData(new[] { 16, 64 }, new[] { 16, 17 })]
    [InlineData(new[] { 4, 6, 130 }, new[] { 1, 5, 9 })]
    public void BoxTransform_UpToSomeFrequencies_GivesTheBitsOfTheWhole(int[] shape, int[] extents)
    {
        var values = Values(shape, 2);
        double[] whole = BoxTransform.Apply(shape, values, shape), part = BoxTransform.Apply(shape, values, extents);
        for (int f = 0; f < whole.Length; f++)
        {
            int rest = f;
            bool inside = true;
            for (int a = shape.Length - 1; a >= 0; a--)
            {
                inside &= rest % shape[a] < extents[a];
                rest /= shape[a];
            }

            if (inside)
                part[BoxTransform.Locate(shape, extents, f).Index].Should().Be(whole[f]);
        }
    }

    [Fact]
    public void Extents_AndPlaces_AreThoseOfTheTerms()
    {
        int[] shape = [8, 16];
        int[] terms = [(2 * 16) + 5, 128 + (1 * 16) + 7, 0];
        int[] extents = BoxTransform.Extents(shape, terms);
        extents.Should().Equal(3, 8);
        BoxTransform.Locate(shape, extents, terms[0]).Should().Be((0, (2 * 8) + 5));
        BoxTransform.Locate(shape, extents, terms[1]).Should().Be((1, 8 + 7));
    }

    [Theory]
    [InlineData(new[] { 150, 40 })]
    [InlineData(new[] { 40, 150 })]
    [InlineData(new[] { 6, 130, 5 })]
    [InlineData(new[] { 700 })]
    public void GridTransform_InPlace_IsTheOrthonormalCosineTransform(int[] shape)
    {
        var values = Values(shape, 3);
        using var buffer = new NativeBuffer<double>(values.Length);
        values.CopyTo(buffer.Span(0, values.Length));
        GridTransform.Apply(shape, buffer, 1, new FitMonitor(1));
        for (int f = 0; f < values.Length; f += 37)
            buffer[f].Should().BeApproximately(Inner(shape, values, f), 1e-11);
    }

    // Lengths with a divisor near the root, with one at the limit, and without any.
    [Theory]
    [InlineData(4096, 64)]
    [InlineData(4095, 63)]
    [InlineData(2 * 17 * 31, 31)]
    [InlineData(16 * 997, 16)]
    [InlineData(4099, 1)]
    [InlineData(2 * 2053, 1)]
    public void LongSpectrum_IsTheOrthonormalCosineTransform(int length, int rows)
    {
        LongSpectrum.Rows(length).Should().Be(rows);
        var samples = Values([length], 4);
        using var sound = Signal.FromGrid(Array.ConvertAll(samples, v => (float)v), [length], 1);
        float[] level = SignalReader.Level(sound);
        double[] centred = Array.ConvertAll(samples, v => (double)(float)((float)v - (double)level[0]));
        using var spectrum = LongSpectrum.Create(sound, level, 0, 1, new FitMonitor(1));
        var read = new double[200];
        foreach (int first in (int[])[0, 1, rows + 3, (length / 2) - 100, length - 200])
        {
            spectrum.Read(first, read);
            for (int j = 0; j < read.Length; j += 13)
                read[j].Should().BeApproximately(Inner([length], centred, first + j), 1e-10);
        }
    }

    [Theory]
    [InlineData(new[] { 8, 8 })]
    [InlineData(new[] { 400, 900 })]
    [InlineData(new[] { 1, 700 })]
    [InlineData(new[] { 70, 60, 81 })]
    [InlineData(new[] { 77 })]
    [InlineData(new[] { 2, 1_000_000 })]
    public void FrequencyOrder_IsASortByTheNorm(int[] shape)
    {
        int[] sorted = SortedByNorm(shape);
        FrequencyOrder.Lowest(shape, 500).Should().Equal(sorted.Take(500));
        FrequencyOrder.Lowest(shape, int.MaxValue).SequenceEqual(sorted).Should().BeTrue();
        using var all = FrequencyOrder.All(shape, 1, new FitMonitor(2));
        if (shape.Length > 1)
            all!.Span(0, sorted.Length).SequenceEqual(sorted).Should().BeTrue();
        else
            all.Should().BeNull();
    }

    [Fact]
    public void PrefixCurves_GiveTheBestLengthOfEveryPrice()
    {
        var random = new Random(5);
        var curves = new PrefixCurves();
        var left = new double[20][];
        for (int c = 0; c < left.Length; c++)
        {
            double[] energies = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(random.NextDouble(), 5) / (1 + i))];
            left[c] = [energies.Sum(), .. energies.Select((_, n) => energies.Skip(n + 1).Sum())];
            curves.Begin(left[c][0]);
            for (int n = 1; n < left[c].Length; n++)
                curves.Add(n, left[c][n]);
        }

        for (double price = 1e-6; price < 10; price *= 1.7)
        {
            for (int c = 0; c < left.Length; c++)
            {
                int best = Enumerable.Range(0, left[c].Length).MinBy(n => left[c][n] + (price * n));
                curves.Best(c, price).Length.Should().Be(best);
                curves.Best(c, price).Error.Should().Be(left[c][best]);
            }
        }
    }

    private static double[] Values(int[] shape, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, shape.Aggregate(1, (p, n) => p * n)).Select(_ => random.NextDouble() - 0.5)];
    }

    private static double Inner(int[] shape, double[] values, int frequency)
    {
        double sum = 0, scale = 1;
        for (int i = 0; i < values.Length; i++)
            sum += values[i] * PiecewiseFourier.KernelTests.Cosine(shape, frequency, i);
        foreach (int n in shape.Reverse())
        {
            scale *= Math.Sqrt((frequency % n == 0 ? 1.0 : 2.0) / n);
            frequency /= n;
        }

        return sum * scale;
    }

    private static int[] SortedByNorm(int[] shape)
    {
        int size = shape.Aggregate(1, (p, n) => p * n);
        var key = new double[size];
        for (int i = 0; i < size; i++)
        {
            double sum = 0;
            int rest = i;
            for (int a = shape.Length - 1; a >= 0; a--)
            {
                double u = (double)(rest % shape[a]) / shape[a];
                sum += u * u;
                rest /= shape[a];
            }

            key[i] = Math.Round(Math.Sqrt(sum), 9) + (1e-10 * i / size);
        }

        int[] order = [.. Enumerable.Range(0, size)];
        Array.Sort(key, order);
        return order;
    }
}
