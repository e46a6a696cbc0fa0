using System.Text.Json.Nodes;

namespace Inr.Parameterizations;

/// <summary>Where a scene lies in the world of its cameras, and the units in which its radiance field sees it.</summary>
/// <remarks>
/// All lengths are those of the world, the units of the file of poses. The field is asked for (p − centre)·scale where
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
    public double CentreX { get; init; }

    /// <summary>The same along y.</summary>
    /// <value>The default is 0.</value>
    public double CentreY { get; init; }

    /// <summary>The same along z.</summary>
    /// <value>The default is 0.</value>
    public double CentreZ { get; init; }

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
        double.IsFinite(CentreX) && double.IsFinite(CentreY) && double.IsFinite(CentreZ)
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
        var centre = tensor((double[])[CentreX, CentreY, CentreZ], float64, poses.device);
        var moved = ((poses.select(-1, 3).to(float64) - centre) * Scale).to(poses.dtype);
        return cat([poses.narrow(-1, 0, 3), moved.unsqueeze(-1)], -1).MoveToOuterDisposeScope();
    }

    internal JsonObject ToJson() => new()
    {
        ["centre"] = new JsonArray(CentreX, CentreY, CentreZ),
        ["halfWidth"] = HalfWidth,
        ["near"] = Near,
        ["far"] = Far,
        ["scale"] = Scale,
    };

    internal static SceneSpace FromJson(JsonObject json)
    {
        if (json["centre"] is not JsonArray { Count: 3 } centre)
            throw new FormatException("'centre' is not a list of three numbers.");
        double[] at = [.. centre.Select(c => c?.GetValue<double>() ?? throw new FormatException("'centre' lacks a number."))];
        return new SceneSpace
        {
            CentreX = at[0],
            CentreY = at[1],
            CentreZ = at[2],
            HalfWidth = json.Number("halfWidth"),
            Near = json.Number("near"),
            Far = json.Number("far"),
            Scale = json.Number("scale"),
        };
    }

    private static bool IsLength(double value) => value is > 0 and <= LargestLength;
}
