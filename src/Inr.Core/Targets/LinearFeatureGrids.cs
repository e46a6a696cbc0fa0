namespace Inr;

/// <summary>Products with the features of an <see cref="ILinearFeatures"/> on a grid, by rows of features in pieces.</summary>
internal static class LinearFeatureGrids
{
    // Features at once: 64 MB of float32.
    private const long PieceNumbers = 1 << 24;

    public static Tensor Render(ILinearFeatures target, ParameterSet parameters, IReadOnlyList<int> shape, Tensor coefficients)
    {
        Shapes.Require(coefficients, nameof(coefficients), "[B,F,c]", 3);
        using var scope = NewDisposeScope();
        long count = SignalDomain.Grid([.. shape]).SampleCount, batch = coefficients.shape[0], channels = coefficients.shape[2];
        var turned = coefficients.transpose(0, 1).reshape(target.FeatureCount, -1);
        var result = empty([batch, count, channels], coefficients.dtype, coefficients.device);
        Pieces(target, parameters, shape, count, (start, features) =>
            result.narrow(1, start, features.shape[0]).copy_(features.mm(turned).reshape(-1, batch, channels).transpose(0, 1)));
        return result.MoveToOuterDisposeScope();
    }

    public static Tensor Project(ILinearFeatures target, ParameterSet parameters, IReadOnlyList<int> shape, Tensor values)
    {
        Shapes.Require(values, nameof(values), "[B,N,c]", 3);
        using var scope = NewDisposeScope();
        long batch = values.shape[0], channels = values.shape[2];
        var result = zeros([target.FeatureCount, batch * channels], values.dtype, values.device);
        Pieces(target, parameters, shape, values.shape[1], (start, features) =>
            result.add_(features.transpose(0, 1).mm(values.narrow(1, start, features.shape[0]).transpose(0, 1).reshape(features.shape[0], -1))));
        return result.reshape(-1, batch, channels).transpose(0, 1).contiguous().MoveToOuterDisposeScope();
    }

    private static void Pieces(ILinearFeatures target, ParameterSet parameters, IReadOnlyList<int> shape, long count, Action<long, Tensor> use)
    {
        long size = Math.Max(1, PieceNumbers / Math.Max(1, target.FeatureCount));
        for (long start = 0; start < count; start += size)
        {
            using var piece = NewDisposeScope();
            long length = Math.Min(size, count - start);
            use(start, target.LinearFeatures(parameters, CoordinateGrid.Range([.. shape], start, length, parameters.Device, parameters.ScalarType)));
        }
    }
}
