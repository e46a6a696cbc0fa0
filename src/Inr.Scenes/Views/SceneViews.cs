using Inr.Losses;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>The pixels of some views of B scenes with their rays, cut out of a batch of <see cref="SceneSignal"/>.</summary>
/// <param name="Pixels">Shape [B,V,S,S,9]: color, origin, direction, as the tokenizer takes them.</param>
internal sealed record SceneViews(Tensor Pixels)
{
    /// <summary>The number of views of a batch of scenes.</summary>
    /// <exception cref="ArgumentException">The signals are not scenes of square pictures of this size, or have different numbers of views.</exception>
    public static int CountIn(SignalBatch scenes, int size)
    {
        if (scenes.Mask is not null)
            throw new ArgumentException("The scenes of one batch need the same number of views; theirs differ. Limit the views of each scene (PosedSceneFolderOptions.Views).", nameof(scenes));
        if (scenes.Coordinates.dim() != 3 || scenes.Coordinates.shape[2] != SceneSignal.Coordinates || scenes.Values.shape[2] != 3 || scenes.SampleCount % ((long)size * size) != 0)
            throw new ArgumentException($"Scenes of pictures of {size}×{size} pixels have V·{size}² samples of 6 coordinates and 3 values, as SceneSignal makes them; these have coordinates {Shapes.Text(scenes.Coordinates)} and values {Shapes.Text(scenes.Values)}.", nameof(scenes));
        return (int)(scenes.SampleCount / ((long)size * size));
    }

    /// <summary>Takes views of each scene.</summary>
    /// <param name="scenes">B scenes.</param>
    /// <param name="size">The side of the pictures.</param>
    /// <param name="views">Which views of each scene, as many of each.</param>
    public static SceneViews Of(SignalBatch scenes, int size, IReadOnlyList<long[]> views)
    {
        long[] shape = [-1, size, size];
        return new SceneViews(stack([.. views.Select((own, scene) =>
        {
            using var index = tensor(own, device: CPU);
            var where = index.to(scenes.Values.device);
            var colors = scenes.Values[scene].reshape([.. shape, 3]).index_select(0, where);
            var rays = scenes.Coordinates[scene].reshape([.. shape, SceneSignal.Coordinates]).index_select(0, where);
            return cat([colors, rays], -1);
        })]));
    }

    /// <summary>All pixels as rows: colors [B,V·S·S,3], and rays (origin and direction) [B,V·S·S,6].</summary>
    public (Tensor Colors, Tensor Rays) Rays()
    {
        var rows = Pixels.flatten(1, 3);
        return (rows.narrow(-1, 0, 3), rows.narrow(-1, 3, SceneSignal.Coordinates));
    }

    /// <summary>All pixels as what rays observe.</summary>
    public LossSamples Samples()
    {
        var (colors, rays) = Rays();
        return new LossSamples(rays, colors);
    }

    /// <summary>Different views of a scene, drawn at random.</summary>
    public static long[] Draw(int count, int views, Generator generator)
    {
        using var order = randperm(views, device: CPU, generator: generator);
        return [.. order.data<long>().Take(count)];
    }
}
