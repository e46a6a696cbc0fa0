using System.Runtime.Intrinsics;
using Inr.Parameterizations.PiecewiseFourier;

namespace Inr.Parameterizations.Tests.PiecewiseFourier;

/// <summary>Each fast kernel against a plain loop in double precision.</summary>
public sealed class KernelTests
{
    [Theory]
    [InlineData(new[] { 8, 8 })]
    [InlineData(new[] { 5, 12 })]
    [InlineData(new[] { 1, 7 })]
    [InlineData(new[] { 32 })]
    [InlineData(new[] { 4, 3, 6 })]
    public void Transform_IsTheOrthonormalCosineTransform(int[] shape)
    {
        int size = shape.Aggregate(1, (p, n) => p * n);
        var random = new Random(1);
        var data = new float[size * Lanes.Width];
        for (int i = 0; i < data.Length; i++)
            data[i] = (float)random.NextDouble();
        var input = (float[])data.Clone();

        Lanes.Transform(shape, data, new float[data.Length]);

        for (int lane = 0; lane < Lanes.Width; lane += 5)
        {
            for (int f = 0; f < size; f++)
            {
                double expected = 0;
                for (int i = 0; i < size; i++)
                    expected += input[(i * Lanes.Width) + lane] * Cosine(shape, f, i) * Norm(shape, f);
                data[(f * Lanes.Width) + lane].Should().BeApproximately((float)expected, 2e-5f);
            }
        }
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0.3f)]
    [InlineData(50f)]
    public void BestPrefix_IsTheMinimumOverAllLengths(float price)
    {
        var random = new Random(2);
        const int Terms = 37;
        var energies = new float[Terms * Lanes.Width];
        for (int i = 0; i < energies.Length; i++)
            energies[i] = (float)Math.Pow(random.NextDouble(), 6);
        var order = Enumerable.Range(0, Terms).OrderBy(_ => random.Next()).Take(30).ToArray();
        var total = Vector512<float>.Zero;
        for (int i = 0; i < Terms; i++)
            total += Vector512.LoadUnsafe(ref energies[i * Lanes.Width]);

        var gains = energies.Select(e => e - price).ToArray();
        int[] backwards = [.. order.Reverse()];
        Lanes.BestPrefix(ref gains[0], total, order, price, out var cost, out var length);
        Lanes.BestPrefixes(ref gains[0], total, order, backwards, price, out var forth, out var back);

        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            double sum = Enumerable.Range(0, Terms).Sum(t => (double)energies[(t * Lanes.Width) + lane]);
            double[] Costs(int[] terms) => [.. Enumerable.Range(0, terms.Length + 1).Select(n => sum - terms.Take(n).Sum(t => (double)energies[(t * Lanes.Width) + lane]) + (price * n))];
            double[] costs = Costs(order), others = Costs(backwards);
            ((double)cost[lane]).Should().BeApproximately(costs.Min(), 1e-4);
            costs[(int)length[lane]].Should().BeApproximately(costs.Min(), 1e-4);
            ((double)forth.Cost[lane]).Should().BeApproximately(costs.Min(), 1e-4);
            ((double)back.Cost[lane]).Should().BeApproximately(others.Min(), 1e-4);
            BlockOf(others, (int)back.End[lane]).Min().Should().BeApproximately(others.Min(), 1e-4);
        }
    }

    // The costs of the lengths that the end of a block stands for.
    private static double[] BlockOf(double[] costs, int end) => end == 0 ? costs[..1] : costs[Math.Max(1, end - Lanes.PrefixBlock + 1)..(end + 1)];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Projection_MatchesDotProducts(int channels)
    {
        int[] shape = [8, 8];
        var samples = Enumerable.Range(0, 64).Where(i => i % 8 + i / 8 < 6).ToArray();
        var basis = RegionBasis.Create(shape, samples, PrefixOrders.Get(shape, 1).Spatial[0], 0.6);
        var random = new Random(3);
        var data = new float[channels * 64 * Lanes.Width];
        for (int i = 0; i < data.Length; i++)
            data[i] = (float)random.NextDouble() - 0.5f;
        var gains = new float[channels * basis.Count * Lanes.Width];

        const float Price = 0.01f;
        Projection.Gains(data, 64, channels, basis, Price, gains);

        for (int c = 0; c < channels; c++)
        {
            for (int j = 0; j < basis.Count; j++)
            {
                double q = 0;
                for (int i = 0; i < samples.Length; i++)
                    q += data[(((c * 64) + samples[i]) * Lanes.Width) + 9] * basis.Columns[(i * basis.Count) + j];
                ((double)gains[(((c * basis.Count) + j) * Lanes.Width) + 9]).Should().BeApproximately((q * q) - Price, 1e-5);
            }
        }
    }

    [Fact]
    public void RegionBasis_SpansNestedCosines_LikeTorchLeastSquares()
    {
        int[] shape = [8, 8];
        var samples = Enumerable.Range(0, 64).Where(i => (i / 8) + (2 * (i % 8)) < 11).ToArray();
        var order = PrefixOrders.Get(shape, 1).Spatial[0];
        var basis = RegionBasis.Create(shape, samples, order, 0.6);
        var random = new Random(4);
        var y = samples.Select(_ => random.NextDouble()).ToArray();
        using var scope = NewDisposeScope();
        foreach (int n in new[] { 1, 3, 8 })
        {
            double captured = 0;
            for (int j = 0; j < n; j++)
            {
                double q = 0;
                for (int i = 0; i < samples.Length; i++)
                    q += y[i] * basis.Columns[(i * basis.Count) + j];
                captured += q * q;
            }

            var a = tensor(samples.SelectMany(s => order.Take(n).Select(f => Cosine(shape, f, s))).ToArray(), [(long)samples.Length, n]);
            var b = tensor(y, [(long)samples.Length, 1]);
            var x = linalg.lstsq(a, b).Solution;
            double residual = (mm(a, x) - b).square().sum().item<double>();
            (y.Sum(v => v * v) - captured).Should().BeApproximately(residual, 1e-6);
        }
    }

    [Fact]
    public void CosPi_MatchesTheLibraryCosine()
    {
        for (float x = -40; x < 300; x += 0.137f)
            CosineWave.CosPi(Vector256.Create(x))[3].Should().BeApproximately((float)Math.Cos(Math.PI * x), 5e-7f + (1e-6f * Math.Abs(x) / 10));
    }

    [Fact]
    public void LeastSquares_DependentColumn_GetsNothing()
    {
        double[] a = [1, 1, 1, 1], b = [1, 2, 3, 4], copy = [1, 2, 3, 4.0001];
        var x = new LeastSquares([a, b, copy], 4).Solve([3, 5, 7, 9], 3, out double error);
        x[0].Should().BeApproximately(1, 1e-9);
        x[1].Should().BeApproximately(2, 1e-9);
        x[2].Should().Be(0);
        error.Should().BeLessThan(1e-18);
    }

    internal static double Cosine(int[] shape, int frequency, int sample)
    {
        double value = 1;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            value *= Math.Cos(Math.PI * (frequency % shape[a]) * ((sample % shape[a]) + 0.5) / shape[a]);
            frequency /= shape[a];
            sample /= shape[a];
        }

        return value;
    }

    private static double Norm(int[] shape, int frequency)
    {
        double value = 1;
        for (int a = shape.Length - 1; a >= 0; a--)
        {
            value *= Math.Sqrt((frequency % shape[a] == 0 ? 1.0 : 2.0) / shape[a]);
            frequency /= shape[a];
        }

        return value;
    }
}
