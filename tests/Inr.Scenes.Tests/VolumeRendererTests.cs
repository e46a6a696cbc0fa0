using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>The renderer against an independent double loop, and the occupancy grid against the renderer without one.</summary>
public sealed class VolumeRendererTests
{
    [Fact]
    public void Render_OfOneRay_EqualsPlainLoop()
    {
        using var scope = NewDisposeScope();
        var field = new NerfMlp(new NerfMlpOptions { Depth = 2, Width = 16, EncodingSize = 4 });
        using var theta = field.Initialize();
        var origin = tensor(new float[] { 0.1f, -0.2f, 4 }, [1, 3]);
        var direction = tensor(new float[] { 0.05f, 0.1f, -1 }, [1, 3]);
        const int Count = 9;
        var renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = Count, WhiteBackground = false });
        float[] actual = renderer.Render(field, theta, origin, direction).data<float>().ToArray();

        double[] color = new double[3];
        double transmittance = 1;
        for (int p = 0; p < Count; p++)
        {
            double z = 2 + 4.0 * p / (Count - 1);
            var raw = field.Evaluate(theta, origin + direction * z).data<float>().ToArray();
            double alpha = 1 - Math.Exp(-Math.Max(raw[3], 0) * (p == Count - 1 ? 1e-3 : 4.0 / (Count - 1)));
            for (int k = 0; k < 3; k++)
                color[k] += transmittance * alpha / (1 + Math.Exp(-raw[k]));
            transmittance *= 1 - alpha;
        }

        for (int k = 0; k < 3; k++)
            actual[k].Should().BeApproximately((float)color[k], 1e-5f);
    }

    [Fact]
    public void Render_ThroughEmptySpace_GivesBackground()
    {
        using var scope = NewDisposeScope();
        var field = new NerfMlp(new NerfMlpOptions { Depth = 1, EncodingSize = 2 });
        using var theta = field.Initialize().Map((s, t) => s.Role == ParameterRole.Bias ? full_like(t, -5) : zeros_like(t));
        var rays = (Origins: zeros(4, 3), Directions: ones(4, 3));
        new VolumeRenderer().Render(field, theta, rays.Origins, rays.Directions).eq(1).all().item<bool>().Should().BeTrue();
        new VolumeRenderer(new VolumeRendererOptions { WhiteBackground = false }).Render(field, theta, rays.Origins, rays.Directions).eq(0).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void OccupancyGrid_OfFieldWithEmptySpace_LeavesPictureAsItIs()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var field = new Ball();
        using var theta = new ParameterSet(field.Layout, [tensor(new float[] { 20 })]);
        using var grid = new OccupancyGrid(1.5, 32);
        for (int i = 0; i < 4; i++)
            grid.Update(field, theta, generator);
        grid.OccupiedFraction.Should().BeLessThan(0.2);
        var origins = (rand([200, 3], generator: generator) - 0.5) * 0.2 + tensor(new float[] { 0, 0, 4 });
        var directions = cat([(rand([200, 2], generator: generator) - 0.5) * 0.6, -ones(200, 1)], 1);
        var renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = 64 });
        field.Evaluated = 0;
        var whole = renderer.Render(field, theta, origins, directions);
        long all = field.Evaluated;
        var sparse = renderer.Render(field, theta, origins, directions, null, grid);
        Close.ShouldBeClose(sparse, whole, 1e-6);
        (field.Evaluated - all).Should().BeLessThan(all / 3);
    }

    [Fact]
    public void RenderSparse_OfRandomField_HasColorsAndGradientsOfPlainQuadrature()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var field = new NerfMlp(new NerfMlpOptions { Depth = 3, Width = 16, EncodingSize = 4 });
        // Densities up to a few: light passes most of the ball, so that "dark" points are few and the rest must be exact.
        using var theta = field.Initialize(generator).Map((s, t) => (t * 3).requires_grad_());
        using var grid = new OccupancyGrid(1.2, 16);
        var origins = (rand([40, 3], generator: generator) - 0.5) * 0.2 + tensor(new float[] { 0, 0, 4 });
        var directions = cat([(rand([40, 2], generator: generator) - 0.5) * 0.6, -ones(40, 1)], 1);
        var jitter = rand([40, 24], generator: generator);
        var weights = rand([40, 3], generator: generator);
        var renderer = new VolumeRenderer(new VolumeRendererOptions { PointsPerRay = 24 });
        var plain = renderer.Render(field, theta, origins, directions, jitter, grid);
        var (sparse, points) = renderer.RenderSparse(field, theta, origins, directions, jitter, grid);
        points.Should().BeInRange(100, 40 * 24 - 1);
        Close.ShouldBeClose(sparse, plain, 1e-4);
        var expected = GradientsOf((plain * weights).sum(), theta);
        var actual = GradientsOf((sparse * weights).sum(), theta);
        for (int i = 0; i < expected.Length; i++)
            Close.ShouldBeClose(actual[i], expected[i], 1e-3 * (1 + expected[i].abs().max().item<float>()));
    }

    [Fact]
    public void Visible_BehindDenseMatter_IsFalse()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var field = new Ball();
        using var theta = new ParameterSet(field.Layout, [tensor(new float[] { 200 })]);
        using var grid = new OccupancyGrid(1.5, 32);
        // A cell may double its least density with each update.
        for (int i = 0; i < 16; i++)
            grid.Update(field, theta, generator);
        var z = linspace(2, 6, 81);
        var points = stack([zeros(81), zeros(81), 4 - z], 1).unsqueeze(0);
        bool[] visible = [.. grid.Visible(points, full([1, 81], 0.05f)).data<bool>()];
        visible[31].Should().BeTrue("the face at depth 3.5 is seen");
        visible[45..].Should().AllBeEquivalentTo(false, "half a unit of density 200 lets nothing through");
    }

    [Fact]
    public void Render_OfWrongShapes_SaysExpectedAndActual()
    {
        using var scope = NewDisposeScope();
        var field = new NerfMlp();
        using var theta = field.Initialize();
        ((Action)(() => new VolumeRenderer().Render(field, theta, zeros(4, 2), zeros(4, 2)))).Should().Throw<ArgumentException>().WithMessage("*[4,2]*");
        ((Action)(() => new VolumeRenderer().Render(field, theta, zeros(4, 3), zeros(5, 3)))).Should().Throw<ArgumentException>().WithMessage("*[5,3]*");
        ((Action)(() => new VolumeRenderer().Render(field, theta, zeros(4, 3), zeros(4, 3), zeros(4, 7)))).Should().Throw<ArgumentException>().WithMessage("*[4,128]*[4,7]*");
        ((Func<object>)(() => new VolumeRenderer(new VolumeRendererOptions { Near = 3, Far = 2 }))).Should().Throw<Microsoft.Extensions.Options.OptionsValidationException>().WithMessage("*Far is 2*above 3*");
    }

    private static Tensor[] GradientsOf(Tensor loss, ParameterSet theta)
    {
        foreach (var t in theta.Tensors)
            t.grad?.zero_();
        loss.backward();
        return [.. theta.Tensors.Select(t => t.grad!.clone())];
    }

    /// <summary>A white ball of radius 0.5 whose density θ is zero outside.</summary>
    private sealed class Ball : ITrainableTarget
    {
        public long Evaluated { get; set; }

        public int InputDimension => 3;

        public int OutputDimension => 4;

        public ParameterLayout Layout { get; } = new([new ParameterSpec("density", [1], ParameterRole.Coefficient)]);

        public TargetDescription Description => new("ball", []);

        public ParameterSet Initialize(Generator? generator = null, Device? device = null) => new(Layout, [ones(1)]);

        public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
        {
            Evaluated += coordinates.shape[^2];
            var inside = coordinates.norm(-1, true, 2).lt(0.5).to(float32);
            return cat([coordinates, inside * parameters[0]], -1);
        }
    }
}
