using System.Globalization;
using System.Text.Json;

namespace Inr.Scenes;

/// <summary>What a file says about where its scene lies, in the units of its poses: <c>aabb_scale</c>, <c>scale</c>, <c>offset</c> and <c>aabb</c> of instant-ngp, <c>near</c> and <c>far</c>.</summary>
/// <remarks>
/// instant-ngp sees p·scale + offset, in a cube of side aabb_scale around (½, ½, ½); without a word of the file the scale
/// is 0.33 and the offset ½. An aabb replaces scale and offset so that it just fits in the unit cube.
/// </remarks>
/// <param name="Center">The middle of the cube; null where the file does not say.</param>
/// <param name="HalfWidth">Half its side; null where the file does not say.</param>
/// <param name="Near">Where rays start; null where the file does not say.</param>
/// <param name="Far">Where they end; null where the file does not say.</param>
internal sealed record WorldBox(double[]? Center, double? HalfWidth, double? Near, double? Far)
{
    private const double UsualScale = 0.33;
    private const double UsualOffset = 0.5;

    /// <summary>Every name that is read here.</summary>
    public static IReadOnlyList<string> Names { get; } = ["aabb_scale", "scale", "offset", "aabb", "near", "far"];

    /// <summary>Reads what a file says.</summary>
    /// <exception cref="SignalLoadException">A number is out of its range.</exception>
    public static WorldBox Read(JsonFields file)
    {
        double? near = file.Number("near");
        double? far = file.Number("far");
        if (near < 0 || far <= (near ?? 0))
            throw file.Refuse(string.Create(CultureInfo.InvariantCulture, $"its near is {near ?? 0} and its far {far}; they must be 0 ≤ near < far."));
        double? side = file.Number("aabb_scale", 0, 1e6);
        double? scale = file.Number("scale", 0, 1e12);
        double[]? offset = file.Find("offset")?.ValueKind == JsonValueKind.Number
            ? [.. Enumerable.Repeat(file.Number("offset")!.Value, 3)]
            : file.Numbers("offset", 3, 3);
        if (file.Matrix("aabb", 2, 2, 3) is { } box)
        {
            double longest = Enumerable.Range(0, 3).Max(i => Math.Abs(box[i + 3] - box[i]));
            if (!(longest > 0))
                throw file.Refuse("its aabb is empty.");
            return new WorldBox([.. Enumerable.Range(0, 3).Select(i => 0.5 * (box[i] + box[i + 3]))], 0.5 * longest * (side ?? 1), near, far);
        }

        if (side is null && scale is null && offset is null)
            return new WorldBox(null, null, near, far);
        double units = scale ?? UsualScale;
        return new WorldBox([.. (offset ?? [UsualOffset, UsualOffset, UsualOffset]).Select(o => (0.5 - o) / units)], 0.5 * (side ?? 1) / units, near, far);
    }
}
