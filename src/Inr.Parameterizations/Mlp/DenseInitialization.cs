namespace Inr.Parameterizations;

/// <summary>How the numbers of a dense layer are first drawn: a strategy apart from what the layer computes.</summary>
public abstract class DenseInitialization
{
    /// <summary>Weight and bias from U(−1/√fan_in, 1/√fan_in): the default of PyTorch's linear layers.</summary>
    public static DenseInitialization FanIn { get; } = new FanInInitialization();

    /// <summary>SIREN: weights of the first layer from U(±1/fan_in), of others from U(±√(6/fan_in)/ω); biases as <see cref="FanIn"/>.</summary>
    /// <remarks>As in the official code. Sitzmann et al.: Implicit Neural Representations with Periodic Activation Functions, NeurIPS 2020.</remarks>
    public static DenseInitialization Siren { get; } = new SirenInitialization();

    /// <summary>Weights from U(±√(6/(fan_in + fan_out))), biases 0. Glorot and Bengio, AISTATS 2010.</summary>
    public static DenseInitialization Glorot { get; } = new GlorotInitialization();

    /// <summary>Draws the numbers of a layer, in float32 on the CPU, the weight first.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="omega">ω of the layer; for the output layer, which has none, that of the hidden layers.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Shapes [outputs,inputs] and [outputs].</returns>
    public abstract (Tensor Weight, Tensor Bias) Draw(DenseLayer layer, double omega, Generator generator);

    /// <summary>Draws from U(−bound, bound), float32 on the CPU.</summary>
    protected static Tensor Uniform(long[] shape, double bound, Generator generator) =>
        (rand(shape, dtype: float32, device: CPU, generator: generator) * 2 - 1) * bound;

    private sealed class FanInInitialization : DenseInitialization
    {
        public override (Tensor Weight, Tensor Bias) Draw(DenseLayer layer, double omega, Generator generator)
        {
            double bound = 1 / Math.Sqrt(layer.Inputs);
            return (Uniform([layer.Outputs, layer.Inputs], bound, generator), Uniform([layer.Outputs], bound, generator));
        }
    }

    private sealed class SirenInitialization : DenseInitialization
    {
        public override (Tensor Weight, Tensor Bias) Draw(DenseLayer layer, double omega, Generator generator)
        {
            double bound = layer.Index == 0 ? 1.0 / layer.Inputs : Math.Sqrt(6.0 / layer.Inputs) / omega;
            return (Uniform([layer.Outputs, layer.Inputs], bound, generator), Uniform([layer.Outputs], 1 / Math.Sqrt(layer.Inputs), generator));
        }
    }

    private sealed class GlorotInitialization : DenseInitialization
    {
        public override (Tensor Weight, Tensor Bias) Draw(DenseLayer layer, double omega, Generator generator)
        {
            double bound = Math.Sqrt(6.0 / (layer.Inputs + layer.Outputs));
            return (Uniform([layer.Outputs, layer.Inputs], bound, generator), zeros(layer.Outputs, dtype: float32, device: CPU));
        }
    }
}
