using Inr.Meta;
using Inr.Testing;

namespace Inr.Tests.Transformer;

/// <summary>Masks, second derivatives, precision and shapes of the encoder; its numbers are checked against the official ones elsewhere.</summary>
public sealed class TransformerEncoderTests
{
    private static readonly TransformerEncoder Encoder = new(16, 2, 2, 8, 32);

    [Theory]
    [InlineData(AttentionKernel.Fused)]
    [InlineData(AttentionKernel.Explicit)]
    public void Encode_WithMask_IgnoresPadding(AttentionKernel kernel)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weights = Weights(generator);
        var tokens = randn([2, 7, 16], generator: generator);
        var mask = ones(2, 7);
        mask.narrow(1, 4, 2).zero_();
        var pass = new EncoderPass(kernel);
        var masked = Encoder.Encode(weights, tokens, mask, pass);
        var kept = tensor(new long[] { 0, 1, 2, 3, 6 });
        var alone = Encoder.Encode(weights, tokens.index_select(1, kept), null, pass);
        Close.ShouldBeClose(masked.index_select(1, kept), alone, 2e-6);
    }

    [Fact]
    public void Encode_WithExplicitAttention_HasSecondDerivative()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weights = Weights(generator).To(ScalarType.Float64);
        var tokens = randn([1, 3, 16], dtype: float64, generator: generator).requires_grad_();
        var direction = randn([1, 3, 16], dtype: float64, generator: generator);
        // float64 norms, float64 linear layers: differences are exact to the step's square.
        var pass = new EncoderPass(AttentionKernel.Explicit, ScalarType.Float64);
        Tensor Slope(Tensor x)
        {
            var value = Encoder.Encode(weights, x, null, pass).sin().sum();
            return (autograd.grad([value], [x], retain_graph: true, create_graph: true)[0] * direction).sum();
        }

        var second = (autograd.grad([Slope(tokens)], [tokens])[0] * direction).sum().item<double>();
        const double Step = 1e-5;
        double high = Slope((tokens.detach() + Step * direction).requires_grad_()).item<double>();
        double low = Slope((tokens.detach() - Step * direction).requires_grad_()).item<double>();
        second.Should().BeApproximately((high - low) / (2 * Step), 1e-6 * Math.Abs(second) + 1e-6);
    }

    [Fact]
    public void Encode_InBFloat16_IsCloseToFloat32()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weights = Weights(generator);
        var tokens = randn([2, 7, 16], generator: generator);
        var exact = Encoder.Encode(weights, tokens);
        var fast = Encoder.Encode(weights, tokens, null, new EncoderPass(LinearType: ScalarType.BFloat16));
        fast.dtype.Should().Be(ScalarType.Float32);
        Close.RelativeError(fast, exact).Should().BeInRange(1e-6, 2e-2);
    }

    [Fact]
    public void Encode_OfWrongShapes_SaysExpectedAndActual()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weights = Weights(generator);
        ((Func<object>)(() => Encoder.Encode(weights, zeros(2, 7, 15)))).Should().Throw<ArgumentException>().WithMessage("*[B,T,16]*[2,7,15]*");
        ((Func<object>)(() => Encoder.Encode(weights, zeros(2, 7, 16), zeros(2, 6)))).Should().Throw<ArgumentException>().WithMessage("*[2,6]*");
    }

    [Fact]
    public void Encode_LeavesNoTensorBehind()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var weights = Weights(generator);
        var tokens = randn([2, 7, 16], generator: generator);
        LiveTensors.ShouldStayFlat(() => Encoder.Encode(weights, tokens).Dispose());
    }

    private static ParameterSet Weights(Generator generator) => new(new ParameterLayout(Encoder.Specs), Encoder.Initialize(generator));
}
