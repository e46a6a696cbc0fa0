namespace Inr.Meta;

/// <summary>A perceptron as a sum of features with free coefficients: its hidden features and a one, the weights of the last layer and its bias.</summary>
internal sealed class LastLayerFeatures : ILinearFeatures
{
    private readonly ILastLayerFeatures _inner;

    public LastLayerFeatures(ILastLayerFeatures inner)
    {
        _inner = inner;
        FeatureCount = inner.Layout[inner.LastLayer.Weight].Shape[1] + 1;
    }

    /// <inheritdoc/>
    public int InputDimension => _inner.InputDimension;

    /// <inheritdoc/>
    public int OutputDimension => _inner.OutputDimension;

    /// <inheritdoc/>
    public ParameterLayout Layout => _inner.Layout;

    /// <inheritdoc/>
    public TargetDescription Description => _inner.Description;

    /// <inheritdoc/>
    public long FeatureCount { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> LinearParameters => _inner.LinearParameters;

    /// <inheritdoc/>
    public Tensor Evaluate(ParameterSet parameters, Tensor coordinates) => _inner.Evaluate(parameters, coordinates);

    /// <inheritdoc/>
    public ParameterSet SolveLinear(ParameterSet parameters, Tensor coordinates, Tensor values, double ridge = 1e-6, Tensor? mask = null) =>
        _inner.SolveLinear(parameters, coordinates, values, ridge, mask);

    /// <inheritdoc/>
    public Tensor LinearFeatures(ParameterSet parameters, Tensor coordinates)
    {
        using var scope = NewDisposeScope();
        var h = _inner.Features(parameters, coordinates);
        return cat([h, ones([h.shape[0], 1], h.dtype, h.device)], 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public ParameterSet WithLinear(ParameterSet parameters, Tensor coefficients)
    {
        using var scope = NewDisposeScope();
        long batch = coefficients.shape[0], width = FeatureCount - 1;
        var weight = coefficients.narrow(1, 0, width).transpose(1, 2).contiguous();
        // The constant that follows the layer belongs to the function, so that the bias is what is left.
        var bias = coefficients.select(1, width) - _inner.LastLayer.Offset;
        return parameters.Map((spec, t) => spec.Name == _inner.LastLayer.Weight ? weight : spec.Name == _inner.LastLayer.Bias ? bias : t.unsqueeze(0).expand([batch, .. t.shape]))
            .MoveToOuterDisposeScope();
    }
}
