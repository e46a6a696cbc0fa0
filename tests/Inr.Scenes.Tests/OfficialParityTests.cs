using System.Text.Json;
using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Every stage of view synthesis against the numbers of the official code.</summary>
public sealed class OfficialParityTests
{
    [Fact]
    public void Layout_OfFullConfiguration_EqualsParameterTable()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", "trans_inr_celeba_full", "param_table.json");
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var expected = json.RootElement.EnumerateObject().Single(p => p.Name.StartsWith("nvs", StringComparison.Ordinal)).Value;
        var options = new TransformerOptions { Dimension = 768, Depth = 6, Heads = 12, HeadDimension = 64, FeedForward = 3072, PatchSize = 8, WeightGroups = 32 };
        var network = ViewSynthesizer.Describe(new NerfMlp(), 128, options);
        network.Layout.Select(s => (s.Name, Shape: string.Join(',', s.Shape))).Should().Equal(
            expected.GetProperty("state_dict").EnumerateObject().Select(p => (p.Name, Shape: string.Join(',', p.Value.EnumerateArray().Select(n => n.GetInt64())))));
        network.Layout.FloatCount.Should().Be(expected.GetProperty("total").GetInt64());
        network.Generator.TokenCount.Should().Be(expected.GetProperty("n_wtokens").GetInt32());
    }

    [Fact]
    public void Rays_OfCameras_AreOfficial()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialScenes();
        Close.ShouldBeClose(c.Support.Rays().Directions, c.Io["support_rays_d"], 2e-6);
        var query = c.Query.Rays();
        Close.ShouldBeClose(query.Directions, c.Io["query_rays_d"], 2e-6);
        Close.ShouldBeSame(query.Origins, c.Io["query_rays_o"]);
    }

    [Fact]
    public void Generate_OfScenes_GivesOfficialWeightsAndField()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialScenes();
        using var model = ViewSynthesisImport.Load(OfficialScenes.Folder("ckpt_init.pth"));
        var tokens = new PosedViewTokenizer(32, 8, 0, 32).Tokenize(model.Weights, c.Support).Tokens;
        Close.ShouldBeClose(tokens, c.Io["dtokens"], 2e-6);

        var theta = model.Generate(c.Support);
        var stacked = StackedLayout.ToStacked(theta);
        string[] names = ["wb0", "wb1", "rgb_density_fc"];
        for (int i = 0; i < names.Length; i++)
            (stacked[i] - c.Io[$"params.{names[i]}"]).abs().max().item<float>().Should().BeLessThan(2e-6f, names[i]);

        Close.ShouldBeClose(c.Field.Evaluate(theta, c.Io["query_xyz"]), c.Io["raw_at_query"], 2e-4);
    }

    [Fact]
    public void Render_OfQueryViews_IsOfficial()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialScenes();
        using var model = ViewSynthesisImport.Load(OfficialScenes.Folder("ckpt_init.pth"));
        using var _ = no_grad();
        var (origins, directions) = Rows(c.Query.Rays());
        var rgb = c.Renderer.Render(c.Field, model.Generate(c.Support), origins, directions);
        (rgb - c.Io["rgb"]).abs().max().item<float>().Should().BeLessThan(2e-4f);
        (rgb - c.Query.Images.reshape(2, -1, 3)).square().mean().item<float>().Should().BeApproximately(c.Io["loss"].item<float>(), 1e-6f);
    }

    [Fact]
    public void TrainingStep_OnJitteredRays_IsOfficial()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialScenes();
        using var model = ViewSynthesisImport.Load(OfficialScenes.Folder("ckpt_init.pth"));
        var (origins, directions) = Rows(c.Query.Rays());
        var rays = c.Io["ray_ids"];
        Tensor Pick(Tensor t) => t.index_select(1, rays);
        Tensor[]? gradients = null;
        var parameters = model.Weights.Tensors.ToArray();
        var optimizer = new FirstOrderOptimizer(new AdamRule());
        var (updated, _, loss) = optimizer.Step(parameters, optimizer.Initialize(parameters), tensors =>
        {
            var leaves = tensors.Select(t => t.detach().requires_grad_()).ToArray();
            var theta = model.Generate(new ParameterSet(model.Network.Layout, leaves), c.Support);
            var rgb = c.Renderer.Render(c.Field, theta, Pick(origins), Pick(directions), c.Io["jitter"]);
            (rgb - c.Io["rgb_rand"]).abs().max().item<float>().Should().BeLessThan(2e-4f);
            var value = (rgb - Pick(c.Query.Images.reshape(2, -1, 3))).square().mean();
            gradients = [.. autograd.grad([value], leaves)];
            return (value.detach(), gradients);
        }, 1e-4);

        loss.item<float>().Should().BeApproximately(c.Io["loss_rand"].item<float>(), 1e-6f);
        var layout = model.Network.Layout;
        foreach (var (name, norm) in OfficialScenes.Load("grad_norms"))
            gradients![layout.IndexOf(name)].norm().item<float>().Should().BeApproximately(norm.item<float>(), 1e-3f * norm.item<float>(), name);
        var expected = OfficialScenes.Load("grads");
        foreach (var (name, gradient) in expected)
            Close.ShouldBeClose(gradients![layout.IndexOf(name)], gradient, 1e-3, name);
        foreach (var (name, after) in OfficialScenes.Load("step1"))
        {
            // Adam's first step is the sign of the gradient: it says nothing where that is rounding.
            var certain = expected[name].abs().gt(1e-7);
            ((updated[layout.IndexOf(name)] - after).abs() * certain).max().item<float>().Should().BeLessThan(2e-6f, name);
        }
    }

    [Fact]
    public void JudgeAndOptimize_OfScenes_AgreeWithOfficialLossAndLowerIt()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialScenes();
        using var model = ViewSynthesisImport.Load(OfficialScenes.Folder("ckpt_init.pth"));
        var psnrs = model.Judge(c.Support, c.Query, c.Renderer);
        psnrs.Should().HaveCount(2);
        psnrs.Average(p => Math.Pow(10, -p / 10)).Should().BeApproximately(c.Io["loss"].item<float>(), 1e-5);

        using var generator = new Generator(1);
        using var theta = model.Generate(c.Support).Detach();
        var before = LossOn(c, theta, c.Support);
        using var better = model.Optimize(theta, c.Support, c.Renderer, generator, steps: 8, learningRate: 1e-2, raysPerStep: 64);
        LossOn(c, better, c.Support).Should().BeLessThan(0.9 * before);
    }

    [Fact]
    public void LoadAsImageModel_OfViewSynthesisCheckpoint_SaysThatItIsAnotherModel()
    {
        var act = () => TransInrImport.Load(OfficialScenes.Folder("ckpt_init.pth"));
        act.Should().Throw<InrFileException>().WithMessage("*nvs_tokenizer*");
    }

    private static double LossOn(OfficialScenes c, ParameterSet theta, PosedViews views)
    {
        using var _ = no_grad();
        var (origins, directions) = Rows(views.Rays());
        return (c.Renderer.Render(c.Field, theta, origins, directions) - views.Images.reshape(2, -1, 3)).square().mean().item<float>();
    }

    private static (Tensor Origins, Tensor Directions) Rows(CameraRays rays) => (rays.Origins.reshape(2, -1, 3), rays.Directions.reshape(2, -1, 3));
}
