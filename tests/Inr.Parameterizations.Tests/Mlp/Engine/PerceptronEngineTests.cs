using System.Runtime.Intrinsics;
using Inr.Losses;
using Inr.Parameterizations.Engine;
using Inr.Testing;

namespace Inr.Parameterizations.Tests.Mlp.Engine;

/// <summary>The engine gives what its twin in double precision gives, on vectors of every width, and the same bits for any number of threads.</summary>
public sealed class PerceptronEngineTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, int> Cases => EngineCases.All();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValuesAndGradients_AreThoseOfTheTwin(string name, int bits)
    {
        var network = EngineCases.Networks[name];
        var kernel = EngineCases.Kernel(network, bits);
        var theta = Theta(network, 3);
        var twin = new PerceptronTwin(network, theta);
        foreach (int count in new[] { 1, 67, 150 })
        {
            var (x, y, mask) = Samples(network, count);
            double[][] points = Rows(x), observed = Rows(y);
            var values = kernel.Evaluate(theta, x);
            Close.ShouldBeClose(values, tensor(points.SelectMany(twin.Evaluate).ToArray()).reshape(count, -1), 2e-6, "values");

            foreach (var weights in new[] { null, mask })
            {
                double sum = twin.Differentiate(points, observed, weights is null ? null : [.. weights.to(float64).data<double>()]);
                int first = theta.Layout.Count - twin.Gradients.Length;
                var found = kernel.TryDifferentiate(theta, [.. Enumerable.Range(first, twin.Gradients.Length)], new LossSamples(x, y, weights))!.Value;
                found.Sums.item<float>().Should().BeApproximately((float)sum, 1e-6f * (float)sum);
                for (int i = 0; i < twin.Gradients.Length; i++)
                    Distance(found.Gradients[i], twin.Gradients[i]).Should().BeLessThan(1e-5, $"gradient {i} of {count} samples");
            }
        }
    }

    [Fact]
    public void SineAndCosine_KeepTheirErrorUpToTheLimit()
    {
        foreach (double range in new[] { 1.6, 30, 3_000, VectorMath<Lanes128, Vector128<float>>.LargestAngle })
        {
            var (sin, cos) = Largest(range);
            sin.Should().BeLessThan(1.4e-7, $"the sine up to {range}");
            cos.Should().BeLessThan(1.7e-7, $"the cosine up to {range}");
        }
    }

    [Fact]
    public void LargeAngles_AreThoseOfTheLibrary()
    {
        var network = new PerceptronDescription(1, 1) { HiddenWidths = [1], Hidden = Activation.Sine.At(1) };
        var theta = new ParameterSet(network.Layout, [ones(1, 1), zeros(1), ones(1, 1), zeros(1)]);
        float[] angles = [30_000f, 99_999f, 1e5f, 123_456f, -3e7f, 1e20f, 5];
        foreach (int bits in EngineCases.Widths)
        {
            var values = EngineCases.Kernel(network, bits).Evaluate(theta, tensor(angles).reshape(-1, 1)).data<float>().ToArray();
            for (int i = 0; i < angles.Length; i++)
                values[i].Should().BeApproximately((float)Math.Sin(angles[i]), 2e-7f);
        }
    }

    [Theory]
    [InlineData("siren")]
    [InlineData("relu, fourier")]
    public void AnyNumberOfThreads_GivesTheSameBits(string name)
    {
        var network = EngineCases.Networks[name];
        var theta = Theta(network, 1);
        var (x, y, _) = Samples(network, 3_000);
        int[] wanted = [.. Enumerable.Range(network.Encoding.Specs(2).Count, 4)];
        (Tensor Sums, Tensor[] Gradients) Of(int threads)
        {
            int before = TorchRuntime.Threads;
            TorchRuntime.Threads = threads;
            try
            {
                return PerceptronKernel.Of(network)!.TryDifferentiate(theta, wanted, new LossSamples(x, y))!.Value;
            }
            finally
            {
                TorchRuntime.Threads = before;
            }
        }

        var one = Of(1);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            var several = Of(threads);
            Close.ShouldBeSame(several.Sums, one.Sums);
            for (int i = 0; i < wanted.Length; i++)
                Close.ShouldBeSame(several.Gradients[i], one.Gradients[i]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SeveralFunctions_AreWhatEachIsAlone(bool ownPoints)
    {
        var network = EngineCases.Networks["relu, fourier"];
        var kernel = PerceptronKernel.Of(network)!;
        ParameterSet[] thetas = [Theta(network, 1), Theta(network, 2), Theta(network, 3)];
        var together = ParameterSet.Stack(thetas);
        var samples = thetas.Select((_, b) => Samples(network, 100, seed: b)).ToArray();
        var x = ownPoints ? stack([.. samples.Select(s => s.X)]) : samples[0].X;
        var y = stack([.. samples.Select(s => s.Y)]);
        var mask = stack([.. samples.Select(s => s.Mask)]);
        var values = kernel.Evaluate(together, x);
        var found = kernel.TryDifferentiate(together, [1, 2, 6], new LossSamples(x, y, mask))!.Value;
        for (int b = 0; b < thetas.Length; b++)
        {
            var own = ownPoints ? samples[b].X : x;
            Close.ShouldBeSame(values[b], kernel.Evaluate(thetas[b], own));
            var alone = kernel.TryDifferentiate(thetas[b], [1, 2, 6], new LossSamples(own, samples[b].Y, samples[b].Mask))!.Value;
            Close.ShouldBeClose(found.Sums[b], alone.Sums, 1e-6);
            for (int i = 0; i < 3; i++)
                Close.ShouldBeClose(found.Gradients[i][b], alone.Gradients[i], 1e-5);
        }
    }

    [Fact]
    public void NotANumber_StaysOne()
    {
        foreach (string name in new[] { "siren", "finer", "gauss", "tanh", "gelu", "relu, plain" })
        {
            var network = EngineCases.Networks[name];
            var theta = Theta(network, 0);
            theta[1].fill_(float.NaN);
            var (x, y, _) = Samples(network, 40);
            foreach (int bits in EngineCases.Widths)
            {
                var kernel = EngineCases.Kernel(network, bits);
                kernel.Evaluate(theta, x).isnan().all().item<bool>().Should().BeTrue(name);
                float.IsNaN(kernel.TryDifferentiate(theta, [0], new LossSamples(x, y))!.Value.Sums.item<float>()).Should().BeTrue(name);
            }
        }
    }

    [Fact]
    public void Kernel_OfWhatItDoesNotKnow_IsNone()
    {
        PerceptronKernel.Of(new PerceptronDescription(2, 3) { Hidden = new Activation("sine", "sin u", (u, _) => u.sin(), DenseInitialization.FanIn) }).Should().BeNull("a function of the same name is another one");
        var target = new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { Width = 8, Depth = 2, Frequencies = 4 });
        var theta = target.Initialize();
        var (x, y, _) = Samples(target.Network, 40);
        ILossKernel kernel = target;
        kernel.TryDifferentiate(target, theta, [1], new LossSamples(x, y)).Should().NotBeNull();
        kernel.TryDifferentiate(target, theta, [0, 1], new LossSamples(x, y)).Should().BeNull("nothing gives the gradient in the frequencies");
        kernel.TryDifferentiate(target, theta.To(float64), [1], new LossSamples(x.to(float64), y.to(float64))).Should().BeNull("it computes in single precision");
        kernel.TryDifferentiate(new Siren(2, 3), theta, [1], new LossSamples(x, y)).Should().BeNull("that is another target");
    }

    [Fact]
    public unsafe void PointSource_OfAGridOfMoreThan2To31Points_CountsOn()
    {
        const int Panel = NetworkPlan.Panel;
        const int Points = 8;
        int[] lengths = [60_000, 70_000];
        float[] axes = [.. Enumerable.Range(0, 60_000).Select(i => (float)i), .. Enumerable.Range(0, 70_000).Select(i => (float)i)];
        float[] panels = new float[Points * Panel];
        fixed (float* a = axes, x = panels)
        fixed (int* n = lengths)
        {
            long start = 59_998L * 70_000 + 69_997;
            new PointSource(null, 2, a, n).Fill(start, 6, Points, x, Points * Panel);
        }

        for (int p = 0; p < Points; p++)
        {
            int q = Math.Min(p, 5);
            (panels[p * Panel], panels[p * Panel + 1]).Should().Be(q < 3 ? (59_998, 69_997 + q) : (59_999, q - 3));
        }
    }

    [Fact]
    public void SeveralCallers_GetTheSameBits()
    {
        var target = new DensePerceptron(EngineCases.Networks["siren"]);
        using var bound = target.Bind(target.Initialize());
        int[] shape = [60, 70];
        using var expected = bound.Render(shape);
        Parallel.For(0, 24, _ =>
        {
            using var found = bound.Render(shape);
            Close.ShouldBeSame(found, expected);
        });
    }

    private static (double Sin, double Cos) Largest(double range)
    {
        double sin = 0, cos = 0;
        var random = new Random(1);
        for (int i = 0; i < 200_000; i++)
        {
            float x = (float)((2 * random.NextDouble() - 1) * range);
            var (s, c) = VectorMath<Lanes128, Vector128<float>>.SinCos(Vector128.Create(x));
            sin = Math.Max(sin, Math.Abs(s[0] - Math.Sin(x)));
            cos = Math.Max(cos, Math.Abs(c[0] - Math.Cos(x)));
        }

        return (sin, cos);
    }

    private static ParameterSet Theta(PerceptronDescription network, int seed) => new DensePerceptron(network).Initialize(new Generator((ulong)seed));

    private static (Tensor X, Tensor Y, Tensor Mask) Samples(PerceptronDescription network, int count, int seed = 0)
    {
        var noise = new Generator((ulong)(100 + seed));
        var mask = rand(count, generator: noise).mul(3).floor().div(2);
        mask[0] = 1;
        return (rand(count, network.InputDimension, generator: noise) * 2 - 1, rand(count, network.OutputDimension, generator: noise), mask);
    }

    private static double[][] Rows(Tensor table)
    {
        double[] numbers = [.. table.to(float64).reshape(-1).data<double>()];
        return [.. numbers.Chunk((int)table.shape[1])];
    }

    // Relative, in the Euclidean norm.
    private static double Distance(Tensor found, double[] expected)
    {
        double[] numbers = [.. found.to(float64).reshape(-1).data<double>()];
        double difference = numbers.Zip(expected, (a, b) => (a - b) * (a - b)).Sum();
        double norm = expected.Sum(e => e * e);
        return norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm);
    }
}
