using Inr.Parameterizations.Engine;

namespace Inr.Parameterizations;

/// <summary>A perceptron with one θ: packed for the engine where that knows the network, else evaluated by tensors.</summary>
internal sealed class BoundPerceptron : BoundFunction
{
    private readonly PerceptronKernel? _kernel;
    private readonly AlignedMemory? _packed;
    private readonly ParameterSet _parameters;

    public BoundPerceptron(Perceptron target, ParameterSet parameters, PerceptronKernel? kernel)
        : base(target, parameters)
    {
        _parameters = Keep(parameters.Detach());
        if (kernel is null || !_parameters.Tensors.All(PerceptronKernel.Takes))
            return;
        _kernel = kernel;
        _packed = kernel.Pack(_parameters);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor EvaluateCore(Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        if (_kernel is null || coordinates.shape[0] == 0 || (coordinates.requires_grad && is_grad_enabled()))
            return Target.Evaluate(_parameters, coordinates);
        var contiguous = coordinates.contiguous();
        return _kernel.Evaluate(_packed!, new PointSource(TensorAddress.Of(contiguous), InputDimension), contiguous.shape[0]);
    }

    /// <inheritdoc/>
    protected override unsafe Tensor RenderCore(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, int chunk)
    {
        if (_kernel is null)
            return base.RenderCore(shape, window, chunk);
        // The coordinates along each axis, by the arithmetic that makes those of all samples.
        var axes = new Tensor[shape.Length];
        for (int k = 0; k < axes.Length; k++)
            axes[k] = CoordinateGrid.Create([shape[k]], [window[k]]);
        var all = cat(axes).contiguous();
        fixed (int* lengths = shape)
            return _kernel.Evaluate(_packed!, new PointSource(null, InputDimension, TensorAddress.Of(all), lengths), SignalDomain.Grid(shape).SampleCount);
    }
}
