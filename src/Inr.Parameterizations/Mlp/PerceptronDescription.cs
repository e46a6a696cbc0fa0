using System.Collections.ObjectModel;

namespace Inr.Parameterizations;

/// <summary>A dense network as data: encoding, widths, activations, output. A <see cref="Perceptron"/> computes what it says; an engine of your own may read it.</summary>
/// <remarks>
/// <c>h₀ = encoding(x)</c>; <c>h_{l+1} = φ(ω·(W_l h_l + b_l))</c>, where the first layer may have a φ and an ω of its own;
/// then the output <c>W_L h_L + b_L + offset</c>, or its sigmoid without an offset. Example: a SIREN is
/// <c>new PerceptronDescription(2, 3) { HiddenWidths = [256, 256, 256, 256], Hidden = Activation.Sine.At(30) }</c>.
/// </remarks>
public sealed record PerceptronDescription
{
    private readonly ScaledActivation? _first;
    private readonly ReadOnlyCollection<int> _hiddenWidths = Array.AsReadOnly([256, 256, 256, 256]);

    /// <summary>Describes a ReLU network of four hidden layers of 256 without an encoding; the properties change that.</summary>
    /// <param name="inputDimension">Coordinates d.</param>
    /// <param name="outputDimension">Values c.</param>
    public PerceptronDescription(int inputDimension, int outputDimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputDimension, 1);
        InputDimension = inputDimension;
        OutputDimension = outputDimension;
    }

    /// <summary>Coordinates d.</summary>
    public int InputDimension { get; }

    /// <summary>Values c.</summary>
    public int OutputDimension { get; }

    /// <summary>What is made of the coordinates first.</summary>
    /// <value>The default is <see cref="InputEncoding.None"/>.</value>
    public InputEncoding Encoding { get; init; } = InputEncoding.None;

    /// <summary>The widths of the hidden layers, in order; none makes an affine function of the encoding.</summary>
    /// <value>The default is four layers of 256; up to 65 layers of 1 to 8,192.</value>
    public IReadOnlyList<int> HiddenWidths
    {
        get => _hiddenWidths;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _hiddenWidths = Array.AsReadOnly([.. value]);
        }
    }

    /// <summary>The activation of the first hidden layer.</summary>
    /// <value>The default is <see cref="Hidden"/>.</value>
    public ScaledActivation First
    {
        get => _first ?? Hidden;
        init => _first = value;
    }

    /// <summary>The activation of the other hidden layers; the output layer has none but is drawn as they are.</summary>
    /// <value>The default is <see cref="Activation.Relu"/>.</value>
    public ScaledActivation Hidden { get; init; } = Activation.Relu;

    /// <summary>A constant that is added to a linear output; a sigmoid has none.</summary>
    /// <value>The default is 0.</value>
    public double OutputOffset { get; init; }

    /// <summary>What follows the affine map of the output layer.</summary>
    /// <value>The default is <see cref="OutputMap.Linear"/>.</value>
    public OutputMap Output { get; init; }

    /// <summary>The layers from the encoding to the output, which is the last of them.</summary>
    public IReadOnlyList<DenseLayer> Layers
    {
        get
        {
            int[] widths = [Encoding.OutputSize(InputDimension), .. HiddenWidths, OutputDimension];
            return [.. Enumerable.Range(0, widths.Length - 1).Select(i =>
                new DenseLayer(i, widths[i], widths[i + 1], i == widths.Length - 2 ? null : i == 0 ? First : Hidden))];
        }
    }

    /// <summary>The tensors of θ: those of the encoding, then weight and bias of each layer.</summary>
    public ParameterLayout Layout => new(Encoding.Specs(InputDimension).Concat(DenseLayers.Specs([Encoding.OutputSize(InputDimension), .. HiddenWidths, OutputDimension])));

    /// <summary>The output layer.</summary>
    public LastLayer LastLayer => new($"{HiddenWidths.Count}.weight", $"{HiddenWidths.Count}.bias", Output == OutputMap.Linear ? OutputOffset : 0, Output);

    /// <summary>Whether another description is of the same function.</summary>
    public bool Equals(PerceptronDescription? other) =>
        other is not null && InputDimension == other.InputDimension && OutputDimension == other.OutputDimension && Encoding == other.Encoding
        && First == other.First && Hidden == other.Hidden && OutputOffset.Equals(other.OutputOffset) && Output == other.Output
        && HiddenWidths.SequenceEqual(other.HiddenWidths);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InputDimension, OutputDimension, Encoding, First, Hidden, OutputOffset, Output, HiddenWidths.Count);
}
