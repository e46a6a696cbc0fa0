using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>What a radiance field is asked: points, and for a field of six coordinates the directions they are seen from.</summary>
internal static class FieldInput
{
    /// <summary>Requires a map from 3 or 6 coordinates to 4 values.</summary>
    public static void Require(ITargetFunction field)
    {
        if (field.InputDimension is not (3 or 6) || field.OutputDimension != 4)
            throw new ArgumentException($"A radiance field maps a point (3 coordinates), or a point and a direction (6), to 4 values; this target maps {field.InputDimension} to {field.OutputDimension}.", nameof(field));
    }

    /// <summary>Points with the directions of their rays, where the field looks at them.</summary>
    /// <param name="field">The field.</param>
    /// <param name="points">Shape […,3].</param>
    /// <param name="directions">A shape that expands to it.</param>
    public static Tensor Of(ITargetFunction field, Tensor points, Tensor directions) =>
        field.InputDimension == 3 ? points : cat([points, directions.expand(points.shape)], -1);

    /// <summary>Points from any direction, for the density alone.</summary>
    /// <param name="field">The field.</param>
    /// <param name="points">Shape […,3].</param>
    public static Tensor FromAnywhere(ITargetFunction field, Tensor points) =>
        field.InputDimension == 3 ? points : cat([points, zeros_like(points)], -1);
}
