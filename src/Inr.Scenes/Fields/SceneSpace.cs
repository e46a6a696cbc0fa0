using System.Text.Json.Nodes;

namespace Inr.Scenes;

/// <summary>Where a scene lies in the world of its cameras, and the units in which its radiance field sees it.</summary>
/// <remarks>
/// All lengths are those of the world, the units of the file of poses. The field is asked for (p − center)·scale where
/// the world has p, so that it works in the same range whether the cameras stand metres or kilometres apart. A field
/// keeps its space, so that cameras of the same world render it.
/// </remarks>
public sealed record SceneSpace
{
    // Beyond it, float32 coordinates say nothing.
    private const double LargestLength = 1e6;

    /// <summary>The space of the synthetic NeRF scenes: around the origin, at the scale of the file. Files of fields leave it out.</summary>
    public static SceneSpace Standard { get; } = new();

    /// <summary>The middle of the cube in which the scene lies, along x.</summary>
    /// <value>The default is 0.</value>
    public double CenterX { get; init; }

    /// <summary>The same along y.</summary>
    /// <value>The default is 0.</value>
    public double CenterY { get; init; }

    /// <summary>The same along z.</summary>
    /// <value>The default is 0.</value>
    public double CenterZ { get; init; }

    /// <summary>Half the side of the cube; nothing outside it is seen.</summary>
    /// <value>The default is 1.5.</value>
    public double HalfWidth { get; init; } = 1.5;

    /// <summary>Where sampling of a ray starts: depth along the view axis, or distance with a fisheye lens.</summary>
    /// <value>The default is 2.</value>
    public double Near { get; init; } = 2;

    /// <summary>Where it ends.</summary>
    /// <value>The default is 6.</value>
    public double Far { get; init; } = 6;

    /// <summary>Units of the field for one unit of the world.</summary>
    /// <value>The default is 1.</value>
    public double Scale { get; init; } = 1;

    /// <summary>Whether every number is finite, near lies before far, and scale, cube and range are more than nothing and at most a million units of the field.</summary>
    public bool IsValid =>
        double.IsFinite(CenterX) && double.IsFinite(CenterY) && double.IsFinite(CenterZ)
        && IsLength(Scale) && IsLength(HalfWidth * Scale) && Near >= 0 && Far > Near && IsLength(Far * Scale);

    /// <summary>Moves cameras from the world into the units of the field; directions stay.</summary>
    /// <param name="poses">Shape […,3,4], in the world: columns right, up, backward, position.</param>
    /// <returns>The same shape and type.</returns>
    public Tensor ToField(Tensor poses)
    {
        ArgumentNullException.ThrowIfNull(poses);
        if (poses.dim() < 2 || poses.shape[^1] != 4 || poses.shape[^2] != 3)
            throw new ArgumentException($"Poses have the shape [...,3,4]; these are {Shapes.Text(poses)}.", nameof(poses));
        using var scope = NewDisposeScope();
        // In double: a world may have its origin far away.
        var center = tensor((double[])[CenterX, CenterY, CenterZ], float64, poses.device);
        var moved = ((poses.select(-1, 3).to(float64) - center) * Scale).to(poses.dtype);
        return cat([poses.narrow(-1, 0, 3), moved.unsqueeze(-1)], -1).MoveToOuterDisposeScope();
    }

    internal JsonObject ToJson() => new()
    {
        ["center"] = new JsonArray(CenterX, CenterY, CenterZ),
        ["halfWidth"] = HalfWidth,
        ["near"] = Near,
        ["far"] = Far,
        ["scale"] = Scale,
    };

    internal static SceneSpace FromJson(JsonObject json)
    {
        if (json["center"] is not JsonArray { Count: 3 } center)
            throw new FormatException("'center' is not a list of three numbers.");
        double[] at = [.. center.Select(c => c?.GetValue<double>() ?? throw new FormatException("'center' lacks a number."))];
        return new SceneSpace
        {
            CenterX = at[0],
            CenterY = at[1],
            CenterZ = at[2],
            HalfWidth = json.Number("halfWidth"),
            Near = json.Number("near"),
            Far = json.Number("far"),
            Scale = json.Number("scale"),
        };
    }

    private static bool IsLength(double value) => value is > 0 and <= LargestLength;
}
