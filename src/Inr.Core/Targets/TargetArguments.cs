namespace Inr;

/// <summary>The check at the door of every <see cref="ITargetFunction.Evaluate"/>, for built-in and third-party targets alike.</summary>
public static class TargetArguments
{
    /// <summary>Requires that θ and coordinates fit a target and one another, before native code sees them.</summary>
    /// <param name="target">The target function.</param>
    /// <param name="parameters">Its θ, with or without a batch axis.</param>
    /// <param name="coordinates">Shape [N,d] or [B,N,d].</param>
    /// <exception cref="ArgumentException">They do not fit; the message prints expected and actual shapes.</exception>
    public static void Validate(this ITargetFunction target, ParameterSet parameters, Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(coordinates);
        if (!parameters.Layout.IsCompatibleWith(target.Layout))
            throw new ArgumentException($"The parameters ({parameters.Layout}) are not those of this target ({target.Layout}).", nameof(parameters));
        int d = target.InputDimension;
        Shapes.Require(coordinates, "coordinates", $"[N,{d}] or [B,N,{d}]", 2, 3);
        if (coordinates.shape[^1] != d)
            throw new ArgumentException($"coordinates must have the shape [N,{d}] or [B,N,{d}]; they are {Shapes.Text(coordinates)}.", nameof(coordinates));
        if (coordinates.dtype != parameters.ScalarType)
            throw new ArgumentException($"coordinates are {coordinates.dtype} but the parameters are {parameters.ScalarType}; convert one of them.", nameof(coordinates));
        if (coordinates.dim() == 3 && parameters.BatchSize is { } b && coordinates.shape[0] != b)
            throw new ArgumentException($"The parameters have a batch of {b}, so coordinates must have the shape [N,{d}] or [{b},N,{d}]; they are {Shapes.Text(coordinates)}.", nameof(coordinates));
    }
}
