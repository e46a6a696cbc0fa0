using System.Text.Json.Nodes;
using Inr.Testing;
using Microsoft.Extensions.Options;

namespace Inr.Parameterizations.Tests.Mlp;

/// <summary>Dense networks as data: the rows of the tables by their formulas, what a description says, and what becomes of it in files.</summary>
public sealed class PerceptronTests : IDisposable
{
    private const string SirenFile = """{"inputs":2,"outputs":3,"width":16,"hiddenLayers":2,"firstOmega":30,"hiddenOmega":20,"outputOffset":0.5}""";
    private const string ReluFile = """{"inputs":2,"outputs":3,"width":16,"depth":3,"encodingSize":8,"maxFrequency":64,"outputOffset":0.5,"lastWidth":24}""";
    private const string FourierFile = """{"inputs":2,"outputs":3,"width":16,"depth":3,"frequencies":6,"sigma":10,"sigmoidOutput":true,"outputOffset":0}""";

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> OldFiles => new() { { Siren.Kind, SirenFile }, { ReluMlp.Kind, ReluFile }, { FourierFeatureMlp.Kind, FourierFile } };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("sine", 3)]
    [InlineData("relu", 1)]
    [InlineData("gauss", 2)]
    [InlineData("finer", 3)]
    [InlineData("tanh", 1)]
    [InlineData("gelu", 1)]
    public void Activation_OfALayer_IsItsPublishedFormula(string name, double omega)
    {
        // One input, one hidden unit: z = w·x + b. The output layer doubles it and adds 1.
        var target = new DensePerceptron(new PerceptronDescription(1, 1) { HiddenWidths = [1], Hidden = Activation.Find(name).At(omega) });
        var theta = new ParameterSet(target.Layout, [tensor(new[,] { { 0.7 } }), tensor([-0.2]), tensor(new[,] { { 2.0 } }), tensor([1.0])]);
        foreach (double x in (double[])[-0.9, -0.1, 0.4, 0.8])
        {
            double z = 0.7 * x - 0.2;
            double expected = name switch
            {
                "sine" => Math.Sin(omega * z),
                "relu" => Math.Max(0, z),
                "gauss" => Math.Exp(-(omega * z) * (omega * z)),
                "finer" => Math.Sin(omega * (Math.Abs(z) + 1) * z),
                "tanh" => Math.Tanh(z),
                _ => z * NormalDistribution(z),
            };
            target.Evaluate(theta, tensor(new[,] { { x } })).item<double>().Should().BeApproximately(2 * expected + 1, 1e-9, name);
        }
    }

    [Fact]
    public void Activation_Names_AreTestedAbove() =>
        Activation.Names.Where(n => n != Inr.Examples.WaveletActivation.Wavelet.Name).Should().Equal("finer", "gauss", "gelu", "relu", "sine", "tanh");

    [Fact]
    public void Glorot_Draws_ItsBoundsAndNoBias()
    {
        var target = new DensePerceptron(new PerceptronDescription(2, 3) { HiddenWidths = [400, 200], Hidden = Activation.Tanh });
        var theta = target.Initialize();
        double largest = theta["1.weight"].abs().max().item<float>();
        double bound = Math.Sqrt(6.0 / (400 + 200));
        largest.Should().BeInRange(0.999 * bound, bound, "of 80,000 draws from U(±bound) one is nearly the bound");
        theta["1.bias"].abs().sum().item<float>().Should().Be(0);
    }

    [Fact]
    public void InitializeBy_AnotherRule_DrawsByIt()
    {
        var siren = new Siren(2, 3, new SirenOptions { Width = 40, HiddenLayers = 1 });
        var drawn = siren.InitializeBy(DenseInitialization.FanIn);
        drawn["1.weight"].abs().max().item<float>().Should().BeGreaterThan((float)(0.9 / Math.Sqrt(40)), "SIREN's own bound is thirty times narrower");
    }

    // The order of the draws is part of what a seed means: another order makes other networks of old seeds.
    [Fact]
    public void Initialize_Draws_FrequenciesThenWeightAndBiasOfEachLayer()
    {
        var target = new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { Width = 8, Depth = 2, Frequencies = 5, Sigma = 4 });
        var theta = target.Initialize(new Generator(3));
        var generator = new Generator(3);
        Tensor Uniform(double bound, params long[] shape) => (rand(shape, dtype: float32, generator: generator) * 2 - 1) * bound;
        Tensor[] expected =
        [
            randn([5L, 2L], dtype: float32, generator: generator) * 4,
            Uniform(1 / Math.Sqrt(10), 8, 10), Uniform(1 / Math.Sqrt(10), 8),
            Uniform(1 / Math.Sqrt(8), 3, 8), Uniform(1 / Math.Sqrt(8), 3),
        ];
        for (int i = 0; i < expected.Length; i++)
            Close.ShouldBeSame(theta[i], expected[i], target.Layout[i].Name);
    }

    [Theory, MemberData(nameof(OldFiles))]
    public void Description_OfAnOldFile_ReadsAndWritesTheSameOptions(string kind, string options)
    {
        var target = TargetRegistry.Create(new TargetDescription(kind, JsonNode.Parse(options)!.AsObject()));
        target.Description.Kind.Should().Be(kind);
        target.Description.Options.ToJsonString().Should().Be(options);
        string[] dense = [.. Enumerable.Range(0, target.Layout.Count(s => s.Role == ParameterRole.Weight)).SelectMany(i => new[] { $"{i}.weight", $"{i}.bias" })];
        target.Layout.Select(s => s.Name).Should().Equal(kind == FourierFeatureMlp.Kind ? ["frequencies", .. dense] : dense);
    }

    [Theory, MemberData(nameof(OldFiles))]
    public void DensePerceptron_OfTheSameDescription_IsTheSameFunction(string kind, string options)
    {
        var named = (Perceptron)TargetRegistry.Create(new TargetDescription(kind, JsonNode.Parse(options)!.AsObject()));
        var plain = new DensePerceptron(named.Network);
        plain.SuggestedLearningRate.Should().Be(named.SuggestedLearningRate);
        plain.LinearParameters.Should().Equal(named.LinearParameters);
        var theta = named.Initialize(new Generator(2));
        Close.ShouldBeSame(plain.Initialize(new Generator(2)).Flatten(), theta.Flatten());
        var points = CoordinateGrid.Create([6, 7]);
        Close.ShouldBeSame(plain.Evaluate(theta, points), named.Evaluate(theta, points));
    }

    [Fact]
    public void Network_OfAPublishedOne_SaysWhatAnEngineNeeds()
    {
        var siren = new Siren(2, 3, new SirenOptions { Width = 16, HiddenLayers = 1, FirstOmega = 25, HiddenOmega = 15, OutputOffset = 0.5 }).Network;
        siren.Should().Be(new PerceptronDescription(2, 3) { HiddenWidths = [16, 16], First = Activation.Sine.At(25), Hidden = Activation.Sine.At(15), OutputOffset = 0.5 });
        siren.Should().NotBe(siren with { HiddenWidths = [16, 17] });
        siren.Layers.Should().Equal(
            new DenseLayer(0, 2, 16, Activation.Sine.At(25)),
            new DenseLayer(1, 16, 16, Activation.Sine.At(15)),
            new DenseLayer(2, 16, 3, null));
        siren.LastLayer.Offset.Should().Be(0.5);

        var relu = new ReluMlp(2, 3, new ReluMlpOptions { Depth = 3, Width = 8, LastWidth = 30, EncodingSize = 6, MaxFrequency = 16 }).Network;
        relu.Encoding.Should().Be(new PositionalEncoding(6, 16));
        relu.HiddenWidths.Should().Equal(8, 30);
        relu.First.Should().Be(Activation.Relu.At(1));

        var fourier = new FourierFeatureMlp(2, 3, new FourierFeatureMlpOptions { Depth = 1, Frequencies = 7, Sigma = 2, SigmoidOutput = true, OutputOffset = 0.5 }).Network;
        fourier.Encoding.Should().Be(new GaussianEncoding(7, 2));
        fourier.HiddenWidths.Should().BeEmpty();
        fourier.LastLayer.IsLinear.Should().BeFalse();
        fourier.LastLayer.Offset.Should().Be(0, "a sigmoid has no offset");
    }

    [Fact]
    public void Evaluate_WithoutLayersAndEncoding_IsTheCallersAffineMap()
    {
        var target = new DensePerceptron(new PerceptronDescription(2, 1) { HiddenWidths = [], OutputOffset = 0.5 });
        var theta = new ParameterSet(target.Layout, [tensor(new[,] { { 2.0, -1.0 } }), tensor([0.25])]);
        var points = tensor(new[,] { { 0.5, 0.125 } });
        target.Evaluate(theta, points).item<double>().Should().Be(2 * 0.5 - 0.125 + 0.25 + 0.5);
        target.Features(theta, points).Dispose();
        points.IsInvalid.Should().BeFalse("features are the caller's to dispose of, the coordinates stay");
    }

    [Fact]
    public void Constructor_InvalidDescription_NamesOptionValueAndRange()
    {
        var act = () => new DensePerceptron(new PerceptronDescription(2, 3) { HiddenWidths = [8, 0], Hidden = Activation.Sine.At(double.NaN), OutputOffset = double.PositiveInfinity });
        act.Should().Throw<OptionsValidationException>()
            .WithMessage("*HiddenWidths is 0; it must be between 1 and 8192*")
            .WithMessage("*Omega is NaN*")
            .WithMessage("*OutputOffset is *");
        ((Action)(() => _ = new PerceptronDescription(0, 3))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new PositionalEncoding(3, 4))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*even*");
    }

    [Theory]
    [InlineData("\"sine\"", "\"sinus\"", "'sinus' is not known here; known are finer, gauss")]
    [InlineData("\"none\"", "\"fractal\"", "'fractal' is not known here; known are gaussian, none, positional")]
    [InlineData("\"Linear\"", "\"7\"", "'output' is '7'; it must be one of Linear, Sigmoid")]
    [InlineData("\"Linear\"", "\"Softmax\"", "Softmax")]
    [InlineData("[4]", "4", "perceptron")]
    [InlineData("[4]", "[null]", "perceptron")]
    [InlineData("[4]", "[4e9]", "perceptron")]
    public void FromOptions_HostileFile_SaysWhatIsWrong(string good, string bad, string because)
    {
        var description = new DensePerceptron(new PerceptronDescription(2, 3) { HiddenWidths = [4], Hidden = Activation.Sine }).Description;
        string options = description.Options.ToJsonString();
        options.Should().Contain(good);
        var act = () => TargetRegistry.Create(new TargetDescription(description.Kind, JsonNode.Parse(options.Replace(good, bad, StringComparison.Ordinal))!.AsObject()));
        act.Should().Throw<InrFileException>().WithMessage($"*{because}*");
    }

    [Fact]
    public void UsePerceptron_StartsFromTheSignalsOfTheBuilder()
    {
        using var fitter = InrBuilder.ForImages(channels: 1).UsePerceptron(d => d with { HiddenWidths = [8], Hidden = Activation.Gauss.At(4) }).Build();
        fitter.Target.Should().BeOfType<DensePerceptron>().Which.Network.Should()
            .Be(new PerceptronDescription(2, 1) { HiddenWidths = [8], Hidden = Activation.Gauss.At(4), OutputOffset = 0.5 });
    }

    // Φ by Simpson's rule from 0, where it is 1/2.
    private static double NormalDistribution(double z)
    {
        const int Steps = 2_000;
        double Density(double t) => Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI);
        double step = z / Steps;
        double sum = Density(0) + Density(z);
        for (int i = 1; i < Steps; i++)
            sum += (i % 2 == 0 ? 2 : 4) * Density(i * step);
        return 0.5 + sum * step / 3;
    }
}
