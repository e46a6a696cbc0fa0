using Inr.Losses;
using Inr.Parameterizations.Engine;

namespace Inr.Parameterizations;

/// <summary>A dense network that a <see cref="PerceptronDescription"/> describes: evaluation, drawing, features and the closed form of its last layer.</summary>
/// <remarks>
/// The published networks (<see cref="Siren"/>, <see cref="ReluMlp"/>, <see cref="FourierFeatureMlp"/>) are short
/// constructors of a description; <see cref="DensePerceptron"/> computes any description. <see cref="StackedLayout"/> gives the
/// layers as the matrices <c>(fan_in+1, fan_out)</c> of hypernetworks.
/// </remarks>
public abstract class Perceptron : ITrainableTarget, ILastLayerFeatures, ISuggestsLearningRate, ILossKernel
{
    // For fewer points, laying out θ takes longer than the points do.
    private const int FewestForEngine = 32;

    private readonly DenseLayer[] _layers;

    // ω of each hidden layer; null where it is 1. Kept rather than made for each call: the native half of a scalar is freed
    // only when it is finalised.
    private readonly Scalar?[] _omegas;

    // The tensors of the encoding come first.
    private readonly int _encodingTensors;

    private readonly Lazy<PerceptronKernel?> _kernel;

    /// <summary>Creates the function that a description describes.</summary>
    /// <param name="network">The description.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">It is invalid.</exception>
    protected Perceptron(PerceptronDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        new PerceptronDescriptionValidator().ThrowIfInvalid(network);
        Network = network;
        Layout = network.Layout;
        LastLayer = network.LastLayer;
        LinearParameters = LastLayer.LinearParameters;
        _layers = [.. network.Layers];
        _omegas = [.. _layers.Select(l => l.Activation is { Omega: not 1 } activation ? activation.Omega.ToScalar() : null)];
        _encodingTensors = Layout.Count - 2 * _layers.Length;
        _kernel = new(() => PerceptronKernel.Of(network));
    }

    /// <summary>The network as data.</summary>
    public PerceptronDescription Network { get; }

    /// <inheritdoc/>
    public int InputDimension => Network.InputDimension;

    /// <inheritdoc/>
    public int OutputDimension => Network.OutputDimension;

    /// <inheritdoc/>
    public ParameterLayout Layout { get; }

    /// <inheritdoc/>
    public abstract TargetDescription Description { get; }

    /// <inheritdoc/>
    public LastLayer LastLayer { get; }

    /// <summary>The last layer; empty with a sigmoid output, which makes the function nonlinear in all of them.</summary>
    public IReadOnlyList<string> LinearParameters { get; }

    /// <summary>That of the activation of the hidden layers: 5e-4 for sines, 1e-3 for ReLU.</summary>
    public double SuggestedLearningRate => Network.Hidden.Function.LearningRate;

    /// <summary>Draws an initial θ as the activations of the layers say.</summary>
    /// <inheritdoc/>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null) => Draw(null, generator, device);

    /// <summary>Draws an initial θ by another rule than that of the activations.</summary>
    /// <param name="initialization">How the layers are drawn.</param>
    /// <param name="generator">The source of randomness, on the CPU; a new one of seed 0 by default.</param>
    /// <param name="device">Where θ lives; CPU by default.</param>
    public ParameterSet InitializeBy(DenseInitialization initialization, Generator? generator = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(initialization);
        return Draw(initialization, generator, device);
    }

    // The engine, where it may be used and knows the network.
    private PerceptronKernel? Kernel => PerceptronEngine.IsEnabled ? _kernel.Value : null;

    /// <inheritdoc/>
    /// <remarks>Without a graph, the <see cref="PerceptronEngine"/> does it where it can.</remarks>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        bool withGraph = is_grad_enabled() && (coordinates.requires_grad || parameters.Tensors.Any(t => t.requires_grad));
        return !withGraph && PerceptronKernel.Takes(coordinates) && parameters.Tensors.All(PerceptronKernel.Takes)
            && coordinates.shape[^2] >= FewestForEngine && Kernel is { } kernel
                ? kernel.Evaluate(parameters, coordinates)
                : this.EvaluateByFeatures(parameters, coordinates);
    }

    /// <inheritdoc/>
    public BoundFunction Bind(ParameterSet parameters) => new BoundPerceptron(this, parameters, Kernel);

    /// <inheritdoc/>
    string ILossKernel.Name => PerceptronEngine.Name;

    /// <summary>Whether the engine may be used and knows the network.</summary>
    internal bool HasEngine => Kernel is not null;

    /// <inheritdoc/>
    (Tensor Sums, Tensor[] Gradients)? ILossKernel.TryDifferentiate(ITargetFunction target, ParameterSet parameters, IReadOnlyList<int> wanted, LossSamples samples) =>
        ReferenceEquals(target, this) && Kernel is { } kernel ? kernel.TryDifferentiate(parameters, wanted, samples) : null;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The output goes through a sigmoid.</exception>
    public ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null) =>
        this.SolveByFeatures(parameters, coordinates, values, ridge, mask);

    /// <inheritdoc/>
    public Tensor Features(ParameterSet parameters, Tensor coordinates)
    {
        this.Validate(parameters, coordinates);
        using var scope = NewDisposeScope();
        var h = Network.Encoding.Encode(coordinates, [.. parameters.Tensors.Take(_encodingTensors)]);
        for (int i = 0; i + 1 < _layers.Length; i++)
        {
            var weight = parameters[_encodingTensors + 2 * i];
            var bias = parameters[_encodingTensors + 2 * i + 1];
            // ω goes into the layer's numbers, which are far fewer than its activations.
            var u = _omegas[i] is { } omega ? DenseLayers.Affine(h, weight * omega, bias * omega) : DenseLayers.Affine(h, weight, bias);
            var activation = _layers[i].Activation!;
            h = activation.Function.Apply(u, activation.Omega);
        }

        // What goes out is the caller's to dispose of; the coordinates are not.
        return (ReferenceEquals(h, coordinates) ? h.alias() : h).MoveToOuterDisposeScope();
    }

    private ParameterSet Draw(DenseInitialization? initialization, Generator? generator, Device? device) =>
        InitialParameters.Draw(Layout, generator, device, g =>
        {
            List<Tensor> tensors = [.. Network.Encoding.Draw(InputDimension, g)];
            foreach (var layer in _layers)
            {
                var activation = layer.Activation ?? Network.Hidden;
                var (weight, bias) = (initialization ?? activation.Function.Initialization).Draw(layer, activation.Omega, g);
                tensors.Add(weight);
                tensors.Add(bias);
            }

            return tensors;
        });
}
