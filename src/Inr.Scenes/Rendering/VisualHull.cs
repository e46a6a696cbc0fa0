using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>The part of space that the silhouettes of a scene leave: what some view sees as transparent is empty.</summary>
/// <remarks>Laurentini: The visual hull concept for silhouette-based image understanding, PAMI 1994.</remarks>
internal static class VisualHull
{
    // Resizing leaves traces of alpha around a shape; half a step of 8 bits is none.
    private const double Transparent = 1.0 / 512;
    // Resizing also moves edges by less than a pixel.
    private const double Margin = 1;

    /// <summary>Says which balls may hold matter.</summary>
    /// <param name="scene">Cameras and opacity; opaque pictures rule nothing out.</param>
    /// <param name="centers">Shape [N,3], on the CPU.</param>
    /// <param name="radius">The radius of the balls.</param>
    /// <param name="cancellationToken">Leaves the views out that have not been looked at.</param>
    /// <returns>Shape [N], bool: false where the whole image of the ball in some view is transparent. A view that does not
    /// see all of the ball says nothing about it.</returns>
    public static Tensor MayHold(NerfScene scene, Tensor centers, double radius, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var result = ones(centers.shape[0], dtype: ScalarType.Bool, device: centers.device);
        var left = arange(centers.shape[0], dtype: int64, device: centers.device);
        for (int view = 0; view < scene.Count && left.shape[0] > 0 && !cancellationToken.IsCancellationRequested; view++)
        {
            using var inner = NewDisposeScope();
            var empty = IsTransparent(scene, view, centers.index_select(0, left), radius);
            result.index_fill_(0, left.masked_select(empty), false);
            left = left.masked_select(empty.logical_not()).MoveToOuterDisposeScope();
        }

        return result.MoveToOuterDisposeScope();
    }

    private static Tensor IsTransparent(NerfScene scene, int view, Tensor centers, double radius)
    {
        int height = scene.Views.Height, width = scene.Views.Width;
        var pose = scene.Views.Poses[0, view];
        // Coordinates of the camera: right, up, backward.
        var local = (centers - pose.select(1, 3)).mm(pose.narrow(1, 0, 3));
        var depth = -local.select(1, 2);
        var nearest = (depth - radius).clamp_min(1e-6);
        var focal = scene.Views.Focals[0, view];
        var center = scene.Views.Centers[0, view];
        var (left, right) = Span(local.select(1, 0) / depth * focal[0] + center[0], focal[0] * radius / nearest);
        var (top, bottom) = Span(-local.select(1, 1) / depth * focal[1] + center[1], focal[1] * radius / nearest);
        var seen = depth.gt(2 * radius) & left.ge(0) & top.ge(0) & right.le(width) & bottom.le(height);

        // Sums over boxes by a summed-area table (Crow, 1984): row and column 0 are zeros.
        var mask = scene.Opacity[view].gt(Transparent);
        var lens = scene.Cameras[view].Intrinsics;
        var opaque = (lens.Distortion.IsNone ? mask : StraightMask.Of(mask, lens)).to(int64);
        var table = nn.functional.pad(opaque.cumsum(0).cumsum(1), [1, 0, 1, 0]).flatten();
        Tensor At(Tensor row, Tensor column) => table.index_select(0, row.clamp(0, height).to(int64) * (width + 1) + column.clamp(0, width).to(int64));
        var count = At(bottom, right) - At(top, right) - At(bottom, left) + At(top, left);
        return seen & count.eq(0);
    }

    private static (Tensor First, Tensor End) Span(Tensor center, Tensor reach) => ((center - reach - Margin).floor(), (center + reach + Margin).ceil());
}
