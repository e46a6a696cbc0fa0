namespace Inr;

/// <summary>The last layer of a target function: f = W·h + b + offset of features h, or sigmoid(W·h + b).</summary>
public sealed class LastLayer
{
    // Kept rather than made for each call: the native half of a scalar is freed only when it is finalised.
    private readonly Scalar? _offset;

    /// <summary>Describes a last layer.</summary>
    /// <param name="weight">The name of W, of shape [c,m] in the layout.</param>
    /// <param name="bias">The name of b, of shape [c] in the layout.</param>
    /// <param name="offset">The constant that is added to the output; 0 with a sigmoid.</param>
    /// <param name="output">What follows the affine map.</param>
    /// <exception cref="ArgumentException">The offset is not finite, or there is one behind a sigmoid.</exception>
    public LastLayer(string weight, string bias, double offset = 0, OutputMap output = OutputMap.Linear)
    {
        ArgumentException.ThrowIfNullOrEmpty(weight);
        ArgumentException.ThrowIfNullOrEmpty(bias);
        if (!double.IsFinite(offset) || (output != OutputMap.Linear && offset != 0))
            throw new ArgumentException($"The offset of a last layer is a finite number, and 0 with a sigmoid; it is {offset}.", nameof(offset));
        Weight = weight;
        Bias = bias;
        Offset = offset;
        Output = output;
        _offset = offset == 0 ? null : offset;
    }

    /// <summary>The name of W.</summary>
    public string Weight { get; }

    /// <summary>The name of b.</summary>
    public string Bias { get; }

    /// <summary>The constant that is added to the output.</summary>
    public double Offset { get; }

    /// <summary>What follows the affine map.</summary>
    public OutputMap Output { get; }

    /// <summary>Whether the function is linear in W and b, up to the offset, so that least squares finds them.</summary>
    public bool IsLinear => Output == OutputMap.Linear;

    /// <summary>The names of W and b where the function is linear in them; else none.</summary>
    public IReadOnlyList<string> LinearParameters => IsLinear ? [Weight, Bias] : [];

    /// <summary>The values of the function from its features.</summary>
    /// <param name="parameters">θ, of which only W and b count.</param>
    /// <param name="features">h; shape [N,m] or [B,N,m].</param>
    /// <returns>Shape [N,c] or [B,N,c]; differentiable.</returns>
    public Tensor Apply(ParameterSet parameters, Tensor features)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var output = DenseLayers.Affine(features, parameters[Weight], parameters[Bias]);
        if (Output == OutputMap.Sigmoid)
            output = output.sigmoid();
        else if (_offset is not null)
            output = output + _offset;
        return output.MoveToOuterDisposeScope();
    }
}
