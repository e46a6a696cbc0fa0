namespace Inr;

/// <summary>Checks of tensor arguments at the public boundary, before native code sees them.</summary>
internal static class Shapes
{
    /// <summary>The shape as messages print it: <c>[3,256]</c>.</summary>
    public static string Text(Tensor tensor) => List(tensor.shape);

    /// <summary>Sizes as messages print them.</summary>
    public static string List(IEnumerable<long> shape) => $"[{string.Join(',', shape)}]";

    /// <summary>Requires a number of axes and a floating-point type.</summary>
    public static void Require(Tensor tensor, string name, string expected, params ReadOnlySpan<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (!ranks.Contains((int)tensor.dim()))
            throw new ArgumentException($"{name} must have the shape {expected}; it is {Text(tensor)}.", name);
        if (!tensor.is_floating_point())
            throw new ArgumentException($"{name} must be floating point; it is {tensor.dtype}.", name);
    }

    /// <summary>Requires every number to be finite.</summary>
    public static void RequireFinite(Tensor tensor, string name, string owner = "")
    {
        using var scope = NewDisposeScope();
        if (!tensor.isfinite().all().item<bool>())
            throw new ArgumentException($"{name}{(owner.Length > 0 ? $" of '{owner}'" : "")} hold NaN or infinite numbers; replace or drop those samples first.", name);
    }
}
