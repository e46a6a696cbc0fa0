using System.Text.Json;
using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Transformer;

/// <summary>Every stage against the numbers of the official code; tolerances from the fixture's README.</summary>
public sealed class OfficialParityTests
{
    [Fact]
    public void Layout_OfSmallConfiguration_HasOfficialNamesShapesAndOrder()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        var stored = OfficialCase.Load("sd_init");
        c.Network.Layout.Select(s => s.Name).Should().Equal(stored.Keys);
        foreach (var spec in c.Network.Layout)
            spec.Shape.Should().Equal(stored[spec.Name].shape, spec.Name);
        c.Network.Layout.FloatCount.Should().Be(93_091);
    }

    [Fact]
    public void Layout_OfFullConfiguration_EqualsParameterTable()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", "trans_inr_celeba_full", "param_table.json");
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var expected = json.RootElement.GetProperty("imgrec_celeba");
        var options = new TransformerOptions().WithOfficialSize();
        var target = new ReluMlp(2, 3, new ReluMlpOptions { OutputOffset = 0.5 });
        var network = new TransformerHypernetwork(target, new ImagePatchTokenizer(178, 3, options.PatchSize, options.Padding, options.Dimension), options);

        network.Layout.Select(s => (s.Name, Shape: string.Join(',', s.Shape))).Should().Equal(
            expected.GetProperty("state_dict").EnumerateObject().Select(p => (p.Name, Shape: string.Join(',', p.Value.EnumerateArray().Select(n => n.GetInt64())))));
        network.Layout.FloatCount.Should().Be(expected.GetProperty("total").GetInt64());
        target.Layout.FloatCount.Should().Be(expected.GetProperty("base_params").GetInt64());
        network.Generator.TokenCount.Should().Be(expected.GetProperty("n_wtokens").GetInt32());
        network.Generator.Blocks.Select(b => (b.Name, b.FirstToken, End: b.FirstToken + b.Tokens)).Should().Equal(
            expected.GetProperty("wtoken_rng").EnumerateObject().Select(p => (p.Name, FirstToken: p.Value[0].GetInt32(), End: p.Value[1].GetInt32())));
        foreach (string part in (string[])["tokenizer", "transformer_encoder", "base_params", "wtoken_postfc", "wtokens"])
            network.Layout.Where(s => s.Name == part || s.Name.StartsWith(part + ".", StringComparison.Ordinal)).Sum(s => s.Count).Should().Be(expected.GetProperty(part).GetInt64(), part);
    }

    [Fact]
    public void Unfold_OfImages_IsOfficial()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        Close.ShouldBeSame(PatchUnfold.Apply(c.Signals.Values.reshape(2, 32, 32, 3), 8, 0), c.Io["unfold"]);
    }

    [Fact]
    public void Unfold_WithPadding_EqualsUnfoldOfTorch()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var images = rand([2, 7, 7, 3], generator: generator);
        var expected = nn.functional.unfold(images.permute(0, 3, 1, 2), (3, 3), (1, 1), (1, 1), (3, 3)).transpose(1, 2);
        Close.ShouldBeSame(PatchUnfold.Apply(images, 3, 1), expected);
    }

    [Theory]
    [InlineData(AttentionKernel.Fused)]
    [InlineData(AttentionKernel.Explicit)]
    public void Encode_EveryStage_IsOfficial(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        var tokens = c.Tokenizer.Tokenize(c.Weights, c.Signals).Tokens;
        Close.ShouldBeClose(tokens, c.Io["dtokens"], 2e-6);

        var all = cat([tokens, c.Weights["wtokens"].expand(2, 19, 64)], 1);
        var stages = c.Network.Encoder.Stages(c.Weights, all, null, new EncoderPass(kernel)).ToArray();
        stages.Should().HaveCount(4);
        Close.ShouldBeClose(stages[0], c.Io["after_attn0"], 2e-6);
        Close.ShouldBeClose(stages[^1], c.Io["enc_out"], 2e-6);
    }

    [Fact]
    public void Generate_OfImages_GivesOfficialWeightsAndPixels()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        var theta = c.Network.Generate(c.Weights, c.Tokenizer.Tokenize(c.Weights, c.Signals));
        var stacked = StackedLayout.ToStacked(theta);
        for (int i = 0; i < stacked.Length; i++)
            (stacked[i] - c.Io[$"params.wb{i}"]).abs().max().item<float>().Should().BeLessThan(2e-6f, $"wb{i}");

        var pixels = c.Target.Evaluate(theta, c.Signals.Coordinates);
        (pixels - c.Io["pred"].reshape(2, 1024, 3)).abs().max().item<float>().Should().BeLessThan(2e-4f);
        var fine = c.Target.Evaluate(theta, CoordinateGrid.Create([64, 64]));
        (fine - c.Io["pred_2x"].reshape(2, 4096, 3)).abs().max().item<float>().Should().BeLessThan(2e-4f);

        var errors = (pixels - c.Signals.Values).square().mean([1L, 2L]);
        Close.ShouldBeClose(errors, c.Io["mses"], 1e-5);
        (errors.log10() * -10).mean().item<float>().Should().BeApproximately(c.Io["psnr"].item<float>(), 1e-4f);
    }

    [Theory]
    [InlineData(AttentionKernel.Fused)]
    [InlineData(AttentionKernel.Explicit)]
    public void Gradients_OfLoss_AreOfficial(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        var leaves = c.Weights.AsLeaves();
        var loss = c.Loss(leaves, new EncoderPass(kernel));
        loss.item<float>().Should().BeApproximately(c.Io["loss"].item<float>(), 1e-6f);

        var gradients = autograd.grad([loss], [.. leaves.Tensors]).ToArray();
        var norms = OfficialCase.Load("grad_norms");
        for (int i = 0; i < gradients.Length; i++)
        {
            string name = c.Network.Layout[i].Name;
            double expected = norms[name].item<float>();
            gradients[i].norm().item<float>().Should().BeApproximately((float)expected, (float)(1e-3 * expected), name);
        }

        foreach (var (name, expected) in OfficialCase.Load("grads"))
            Close.ShouldBeClose(gradients[c.Network.Layout.IndexOf(name)], expected, 1e-3, name);
    }

    [Fact]
    public void TenAdamSteps_OnOneBatch_FollowOfficialLosses()
    {
        using var scope = NewDisposeScope();
        using var c = new OfficialCase();
        var optimizer = new FirstOrderOptimizer(new AdamRule());
        var parameters = c.Weights.Tensors.ToArray();
        var state = optimizer.Initialize(parameters);
        var expected = OfficialCase.Load("losses10")["losses"];
        var afterOne = OfficialCase.Load("step1");
        for (int step = 0; step < 10; step++)
        {
            (parameters, state, var loss) = optimizer.Step(parameters, state, tensors =>
            {
                var leaves = tensors.Select(t => t.detach().requires_grad_()).ToArray();
                var value = c.Loss(new ParameterSet(c.Network.Layout, leaves));
                return (value.detach(), autograd.grad([value], leaves).ToArray());
            }, 1e-4);
            loss.item<float>().Should().BeApproximately((float)expected[step].item<double>(), 1e-6f, $"step {step}");
            if (step > 0)
                continue;
            foreach (var (name, tensor) in afterOne)
                (parameters[c.Network.Layout.IndexOf(name)] - tensor).abs().max().item<float>().Should().BeLessThan(2e-6f, name);
        }
    }
}
