namespace Inr;

/// <summary>Reads the one number of a tensor.</summary>
internal static class Number
{
    /// <summary>The number in double.</summary>
    /// <param name="tensor">One number of any type, on any device, which this waits for.</param>
    /// <remarks>Unlike <c>item</c> it makes no native scalar, which would live until it is finalised.</remarks>
    public static double Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return TensorSpan.Of<double>(tensor.detach().to(ScalarType.Float64).to(CPU).contiguous())[0];
    }
}
