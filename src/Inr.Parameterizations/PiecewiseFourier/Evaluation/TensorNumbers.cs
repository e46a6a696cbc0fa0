namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>Reads tensors into arrays: the kernels of the expansions run on plain memory.</summary>
internal static class TensorNumbers
{
    /// <summary>The numbers of a tensor of any device and type.</summary>
    public static float[] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.numel() == 0 ? [] : tensor.detach().to(ScalarType.Float32, CPU).contiguous().data<float>().ToArray();
    }

    /// <summary>The numbers of a parameter; none where θ has no such tensor.</summary>
    public static float[] Of(ParameterSet parameters, string name) =>
        parameters.Layout.Contains(name) ? Of(parameters[name]) : [];
}
