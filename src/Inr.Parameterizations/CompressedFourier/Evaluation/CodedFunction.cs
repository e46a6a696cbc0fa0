using System.Runtime.InteropServices;

namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A coded picture, decoded once, for points, grids, windows and slopes.</summary>
internal sealed class CodedFunction : BoundFunction
{
    private readonly DecodedPicture _picture;

    public CodedFunction(CompressedFourierTarget target, ParameterSet parameters, ParsedPicture picture)
        : base(target, parameters) => _picture = new DecodedPicture(picture);

    /// <inheritdoc/>
    protected override Tensor EvaluateCore(Tensor coordinates)
    {
        double[] points = Numbers(coordinates);
        return tensor(_picture.Evaluate(points), [coordinates.shape[0], OutputDimension], device: CPU).to(ScalarType, Device);
    }

    /// <inheritdoc/>
    protected override Tensor JacobianCore(Tensor coordinates)
    {
        double[] points = Numbers(coordinates);
        return tensor(_picture.Jacobian(points), [coordinates.shape[0], OutputDimension, InputDimension], device: CPU).to(ScalarType, Device);
    }

    /// <inheritdoc/>
    protected override Tensor RenderCore(ReadOnlySpan<int> shape, ReadOnlySpan<(double Low, double High)> window, int chunk)
    {
        var header = _picture.Header;
        bool isWhole = shape.SequenceEqual(header.Shape);
        foreach (var interval in window)
            isWhole &= interval == (-1.0, 1.0);
        int width = shape[^1], height = shape.Length == 1 ? 1 : shape[0];
        // An array holds two thousand million numbers.
        if (!isWhole && (long)width * height * OutputDimension > Array.MaxLength)
            return base.RenderCore(shape, window, chunk);
        long[] size = [(long)width * height, OutputDimension];
        if (isWhole)
        {
            // Into the memory of the tensor, where a span can hold it.
            if (size[0] * size[1] <= int.MaxValue / sizeof(float))
            {
                var samples = empty(size, float32, CPU);
                _picture.Samples(MemoryMarshal.Cast<byte, float>(samples.bytes));
                return samples.to(ScalarType, Device);
            }

            float[] values = GC.AllocateUninitializedArray<float>(checked((int)(size[0] * size[1])));
            _picture.Samples(values);
            return tensor(values, size, device: CPU).to(ScalarType, Device);
        }

        return tensor(_picture.Render(width, height, window[^1], shape.Length == 1 ? (-1, 1) : window[0]), size, device: CPU).to(ScalarType, Device);
    }

    private static double[] Numbers(Tensor coordinates) => coordinates.numel() == 0 ? [] : coordinates.detach().to(ScalarType.Float64, CPU).contiguous().data<double>().ToArray();
}
