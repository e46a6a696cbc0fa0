using System.Text.Json.Nodes;
using Inr.Scenes;
using Inr.Testing;

namespace Inr.Tests.Scenes;

/// <summary>Layouts of the radiance field, and what its color and density may depend on.</summary>
public sealed class NerfMlpTests
{
    [Fact]
    public void Layout_OfDefaults_IsTheOfficialOne()
    {
        var field = new NerfMlp();
        field.Layout.FloatCount.Should().Be(295_172);
        field.Layout.Select(s => s.Name).Should().Equal("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias", "3.weight", "3.bias", "4.weight", "4.bias", "rgb_density_fc.weight", "rgb_density_fc.bias");
        field.Description.Options.ContainsKey("directionEncodingSize").Should().BeFalse("files of fields without directions stay as they were");
    }

    [Fact]
    public void Layout_WithRawDirections_IsTheOfficialOne()
    {
        var field = new NerfMlp(new NerfMlpOptions { ViewDirections = true, DirectionEncodingSize = 0 });
        // Official matrices stack weight and bias: (3+1,128), (257,1), (256+128+1,256), (257,3).
        var heads = field.Layout.Where(s => s.Name.Contains("_fc", StringComparison.Ordinal)).ToDictionary(s => s.Name, s => s.Shape);
        heads["viewdirs_fc.weight"].Should().Equal(128, 3);
        heads["density_fc.weight"].Should().Equal(1, 256);
        heads["rgb_fc1.weight"].Should().Equal(256, 384);
        heads["rgb_fc2.weight"].Should().Equal(3, 256);
        heads.Should().HaveCount(8);
    }

    [Fact]
    public void FromOptions_OfOldFile_HasNoDirections()
    {
        var field = NerfMlp.FromOptions(JsonNode.Parse("""{"width": 8, "depth": 3, "encodingSize": 4}""")!.AsObject());
        field.InputDimension.Should().Be(3);
    }

    [Fact]
    public void Density_DependsOnThePointAlone_AndColorNotOnTheLengthOfTheDirection()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var field = new NerfMlp(new NerfMlpOptions { Width = 16, Depth = 3, EncodingSize = 6, ViewDirections = true });
        field.InputDimension.Should().Be(6);
        using var theta = field.Initialize(generator);
        var point = rand([20, 3], generator: generator);
        var direction = randn([20, 3], generator: generator);
        var one = field.Evaluate(theta, cat([point, direction], 1));
        var longer = field.Evaluate(theta, cat([point, direction * 3], 1));
        var other = field.Evaluate(theta, cat([point, randn([20, 3], generator: generator)], 1));
        Close.ShouldBeClose(longer, one, 1e-5);
        Close.ShouldBeSame(other.select(1, 3), one.select(1, 3));
        (other - one).abs().max().item<float>().Should().BeGreaterThan(1e-3f, "the color depends on the direction");
    }

    [Fact]
    public void Constructor_TargetWithoutLinearPart_SaysSo()
    {
        var act = () => new GradientFitter(new NerfMlp(), new GradientFitterOptions { SolveLinearPart = true });
        act.Should().Throw<ArgumentException>().WithMessage("*SolveLinearPart*'nerf*");
    }
}
