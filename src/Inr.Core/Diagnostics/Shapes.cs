namespace Inr.Diagnostics;

/// <summary>Checks of tensor arguments at the public boundary, before native code sees them.</summary>
public static class Shapes
{
    /// <summary>The shape as messages print it: <c>[3,256]</c>.</summary>
    public static string Text(Tensor tensor) => List(tensor.shape);

    /// <summary>Sizes as messages print them.</summary>
    public static string List(IEnumerable<long> shape) => $"[{string.Join(',', shape)}]";

    /// <summary>Requires a number of axes and a floating-point type.</summary>
    /// <param name="tensor">The argument.</param>
    /// <param name="name">Its name, for the message.</param>
    /// <param name="expected">The shape as the message says it, such as <c>[N,d] or [B,N,d]</c>.</param>
    /// <param name="ranks">The numbers of axes that are allowed.</param>
    /// <exception cref="ArgumentException">It has another number of axes or another type; the message names it and its shape.</exception>
    public static void Require(Tensor tensor, string name, string expected, params ReadOnlySpan<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!ranks.Contains((int)tensor.dim()))
            throw new ArgumentException($"{name} must have the shape {expected}; it is {Text(tensor)}.", name);
        if (!tensor.is_floating_point())
            throw new ArgumentException($"{name} must be floating point; it is {tensor.dtype}.", name);
    }

    /// <summary>Whether every number is finite; takes no memory of the tensor's size. Tensors without numbers (on the meta device) pass.</summary>
    public static bool IsFinite(Tensor tensor)
    {
        if (tensor.numel() == 0 || tensor.device_type == DeviceType.META)
            return true;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        // NaN is the largest and the smallest of numbers among which it is.
        return double.IsFinite(tensor.max().to(float64).item<double>()) && double.IsFinite(tensor.min().to(float64).item<double>());
    }

    /// <summary>Requires every number to be finite.</summary>
    /// <param name="tensor">The argument.</param>
    /// <param name="name">Its name, for the message: a plural.</param>
    /// <param name="owner">What it belongs to, such as the name of a signal; empty for nothing.</param>
    /// <exception cref="ArgumentException">One is NaN or infinite.</exception>
    public static void RequireFinite(Tensor tensor, string name, string owner = "")
    {
        if (!IsFinite(tensor))
            throw new ArgumentException($"{name}{(owner.Length > 0 ? $" of '{owner}'" : "")} hold NaN or infinite numbers; replace or drop those samples first.", name);
    }
}
