namespace Inr.Parameterizations;

/// <summary>Cosines with one set of coefficients: grids are one product along each axis.</summary>
internal sealed class BoundCosine : BoundFunction
{
    private readonly CosineTarget _target;
    private readonly ParameterSet _parameters;

    public BoundCosine(CosineTarget target, ParameterSet parameters)
        : base(target, parameters)
    {
        _target = target;
        _parameters = Keep(parameters.Detach());
    }

    /// <inheritdoc/>
    protected override int LargestChunk => 8192;

    /// <inheritdoc/>
    protected override Tensor EvaluateCore(Tensor coordinates) => _target.Evaluate(_parameters, coordinates);

    /// <inheritdoc/>
    protected override Tensor RenderCore(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, int chunk)
    {
        var tables = new Tensor[shape.Length];
        for (int axis = 0; axis < tables.Length; axis++)
            tables[axis] = _target.Along(CoordinateGrid.Create([shape[axis]], [window[axis]], Device, ScalarType).squeeze(1), axis);
        return CosineTarget.Separable(tables, _parameters[0].unsqueeze(0)).squeeze(0);
    }
}
