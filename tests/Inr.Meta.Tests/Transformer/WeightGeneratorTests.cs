using System.Text.Json.Nodes;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Testing;

namespace Inr.Tests.Transformer;

/// <summary>Every rule and order of weight generation against its formula, number by number.</summary>
public sealed class WeightGeneratorTests
{
    public static TheoryData<WeightUpdateRule, GroupOrder, bool, int> Cases()
    {
        var cases = new TheoryData<WeightUpdateRule, GroupOrder, bool, int>();
        foreach (var rule in Enum.GetValues<WeightUpdateRule>())
        {
            foreach (var order in Enum.GetValues<GroupOrder>())
            {
                foreach (bool biases in (bool[])[false, true])
                {
                    // 6 neurons in 3 groups, in 4 unequal ones, and one group each.
                    foreach (int groups in (int[])[3, 4, 99])
                        cases.Add(rule, order, biases, groups);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Generate_OfDenseLayer_FollowsFormula(WeightUpdateRule rule, GroupOrder order, bool biases, int groups)
    {
        using var scope = NewDisposeScope();
        var target = new ReluMlp(2, 6, new ReluMlpOptions { Depth = 1, EncodingSize = 0 });
        var options = new TransformerOptions { Dimension = 5, WeightGroups = groups, UpdateRule = rule, GroupOrder = order, InstanceBiases = biases };
        var generator = new WeightGenerator(target, options);
        using var random = new Generator(4);
        var weights = Random(generator, random);
        int g = Math.Min(groups, 6);
        generator.TokenCount.Should().Be(g);
        var tokens = randn([2, g, 5], generator: random);
        var theta = generator.Generate(weights, tokens);

        var head = nn.functional.layer_norm(tokens, [5], weights["wtoken_postfc.wb0.0.weight"], weights["wtoken_postfc.wb0.0.bias"], 1e-5);
        var x = nn.functional.linear(head, weights["wtoken_postfc.wb0.1.weight"], weights["wtoken_postfc.wb0.1.bias"]);
        for (int b = 0; b < 2; b++)
        {
            for (int j = 0; j < 6; j++)
            {
                double[] column = new double[3];
                for (int i = 0; i < 3; i++)
                {
                    double w = weights["base_params.wb0"][i, j].item<float>();
                    bool generated = i < 2 || biases;
                    double value = rule == WeightUpdateRule.LowRank
                        ? Enumerable.Range(0, g).Sum(t => generated ? x[b, t, i].item<float>() * weights["low_rank.wb0"][t, j].item<float>() : 0)
                        : generated ? x[b, Group(j, g, order), i].item<float>() : 0;
                    column[i] = (i == 2, rule) switch
                    {
                        (true, _) => w + value,
                        (_, WeightUpdateRule.Normalize) => w * value,
                        (_, WeightUpdateRule.Scale) => w * (1 + value),
                        _ => w + value,
                    };
                }

                double norm = rule == WeightUpdateRule.Normalize ? Math.Sqrt(column[0] * column[0] + column[1] * column[1]) : 1;
                for (int i = 0; i < 2; i++)
                    theta["0.weight"][b, j, i].item<float>().Should().BeApproximately((float)(column[i] / norm), 1e-5f, $"{rule} {order} row {j} input {i}");
                theta["0.bias"][b, j].item<float>().Should().BeApproximately((float)column[2], 1e-5f);
            }
        }
    }

    [Theory]
    [InlineData(GroupOrder.Strided)]
    [InlineData(GroupOrder.Contiguous)]
    public void Generate_OfOtherTensors_GivesEveryNumberAndKeepsFixedOnesShared(GroupOrder order)
    {
        using var scope = NewDisposeScope();
        var target = new CutsAndCoefficients();
        var options = new TransformerOptions { Dimension = 5, WeightGroups = 4, GroupOrder = order, GroupsOfBlock = new Dictionary<string, int> { ["coefficients"] = 3 } };
        var generator = new WeightGenerator(target, options);
        generator.Blocks.Should().Equal(("cuts", 0, 4), ("coefficients", 4, 3), ("prefix", 7, 0));
        using var random = new Generator(4);
        var weights = Random(generator, random);
        var tokens = randn([2, 7, 5], generator: random);
        var theta = generator.Generate(weights, tokens);

        var head = nn.functional.layer_norm(tokens.narrow(1, 4, 3), [5], weights["wtoken_postfc.coefficients.0.weight"], weights["wtoken_postfc.coefficients.0.bias"], 1e-5);
        var x = nn.functional.linear(head, weights["wtoken_postfc.coefficients.1.weight"], weights["wtoken_postfc.coefficients.1.bias"]);
        // 10 numbers of 3 tokens with 4 places each.
        x.shape.Should().Equal(2, 3, 4);
        for (int j = 0; j < 10; j++)
        {
            var (token, place) = order == GroupOrder.Strided ? (j % 3, j / 3) : (j / 4, j % 4);
            float expected = weights["base_params.coefficients"].flatten()[j].item<float>() + x[1, token, place].item<float>();
            theta["coefficients"][1].flatten()[j].item<float>().Should().BeApproximately(expected, 1e-5f, $"number {j}");
        }

        Close.ShouldBeSame(theta["prefix"][1], weights["base_params.prefix"]);
    }

    [Fact]
    public void Constructor_OfUnknownBlock_ListsBlocks()
    {
        var options = new TransformerOptions { GroupsOfBlock = new Dictionary<string, int> { ["wb7"] = 3 } };
        var act = () => new WeightGenerator(new ReluMlp(2, 3, new ReluMlpOptions { Depth = 2 }), options);
        act.Should().Throw<ArgumentException>().WithMessage("*'wb7'*wb0, wb1*");
    }

    [Fact]
    public void Generate_OfWrongTokenCount_SaysExpectedAndActual()
    {
        using var scope = NewDisposeScope();
        var generator = new WeightGenerator(new ReluMlp(2, 3, new ReluMlpOptions { Depth = 1 }), new TransformerOptions());
        using var random = new Generator(4);
        var weights = Random(generator, random);
        var act = () => generator.Generate(weights, zeros(1, 4, 192));
        act.Should().Throw<ArgumentException>().WithMessage("*3 weight tokens*[1,4,192]*");
    }

    private static int Group(int neuron, int groups, GroupOrder order) => order == GroupOrder.Strided ? neuron % groups : neuron * groups / 6;

    private static ParameterSet Random(WeightGenerator generator, Generator random)
    {
        var layout = new ParameterLayout(generator.Specs);
        return new ParameterSet(layout, [.. layout.Select(s => randn([.. s.Shape], generator: random))]);
    }

    /// <summary>A layout of the kind that piecewise expansions have: cuts, coefficients, and a structure that nothing changes.</summary>
    private sealed class CutsAndCoefficients : ITrainableTarget
    {
        public int InputDimension => 2;

        public int OutputDimension => 1;

        public ParameterLayout Layout { get; } = new(
        [
            new ParameterSpec("cuts", [4, 3], ParameterRole.Indicator),
            new ParameterSpec("coefficients", [5, 2], ParameterRole.Coefficient),
            new ParameterSpec("prefix", [5], ParameterRole.Structure, isTrainable: false),
        ]);

        public TargetDescription Description => new("cuts", new JsonObject());

        public ParameterSet Initialize(Generator? generator = null, Device? device = null) => new(Layout, [.. Layout.Select(s => ones([.. s.Shape]))]);

        public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => throw new NotSupportedException();
    }
}
