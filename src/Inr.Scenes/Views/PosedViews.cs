using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Pictures of B scenes with the cameras that took them, V each.</summary>
/// <remarks>
/// A pose [3,4] has the columns right, up, backward (out of the scene, towards the eye) and position, as OpenGL and the
/// NeRF data sets have it. The object owns its tensors.
/// </remarks>
public sealed class PosedViews : IDisposable
{
    /// <summary>Creates views that take ownership of their tensors.</summary>
    /// <param name="images">Shape [B,V,H,W,3], values in [0,1].</param>
    /// <param name="poses">Shape [B,V,3,4].</param>
    /// <param name="focals">Shape [B,V,2]: focal lengths along x and y, in pixels.</param>
    /// <param name="centers">Shape [B,V,2]: principal points, column and row; the middle of the pictures by default.</param>
    /// <param name="lenses">The lens of each of the B·V cameras, scene by scene; none has any distortion by default.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public PosedViews(Tensor images, Tensor poses, Tensor focals, Tensor? centers = null, IReadOnlyList<LensDistortion>? lenses = null)
    {
        Shapes.Require(images, "images", "[B,V,H,W,3]", 5);
        Shapes.Require(poses, "poses", "[B,V,3,4]", 4);
        Shapes.Require(focals, "focals", "[B,V,2]", 3);
        long[] lead = [images.shape[0], images.shape[1]];
        if (images.shape[4] != 3 || !poses.shape.SequenceEqual([.. lead, 3, 4]) || !focals.shape.SequenceEqual([.. lead, 2]))
            throw new ArgumentException($"Views need images [B,V,H,W,3], poses [B,V,3,4] and focals [B,V,2]; they are {Shapes.Text(images)}, {Shapes.Text(poses)} and {Shapes.Text(focals)}.", nameof(images));
        if (centers is not null && !centers.shape.SequenceEqual(focals.shape))
            throw new ArgumentException($"Principal points have the shape [B,V,2] of the focal lengths, {Shapes.Text(focals)}; they are {Shapes.Text(centers)}.", nameof(centers));
        if (lenses is not null && lenses.Count != lead[0] * lead[1])
            throw new ArgumentException($"There are {lead[0] * lead[1]} cameras and {lenses.Count} lenses.", nameof(lenses));
        using var scope = NewDisposeScope();
        centers ??= tensor((double[])[images.shape[3] / 2.0, images.shape[2] / 2.0], focals.dtype, focals.device).expand(focals.shape).clone();
        Images = images.DetachFromDisposeScope();
        Poses = poses.DetachFromDisposeScope();
        Focals = focals.DetachFromDisposeScope();
        Centers = centers.DetachFromDisposeScope();
        Lenses = lenses ?? [.. Enumerable.Repeat(LensDistortion.None, (int)(lead[0] * lead[1]))];
    }

    /// <summary>Shape [B,V,H,W,3].</summary>
    public Tensor Images { get; }

    /// <summary>Shape [B,V,3,4].</summary>
    public Tensor Poses { get; }

    /// <summary>Shape [B,V,2].</summary>
    public Tensor Focals { get; }

    /// <summary>Shape [B,V,2]: columns and rows of principal points.</summary>
    public Tensor Centers { get; }

    /// <summary>The lenses of the B·V cameras, scene by scene.</summary>
    public IReadOnlyList<LensDistortion> Lenses { get; }

    /// <summary>Rows of a picture.</summary>
    public int Height => (int)Images.shape[2];

    /// <summary>Columns of a picture.</summary>
    public int Width => (int)Images.shape[3];

    /// <summary>The rays of all pixels.</summary>
    public CameraRays Rays() => CameraRays.FromPoses(Poses, Focals, Height, Width, Centers, Lenses);

    /// <summary>The rays of all pixels of one scene: […] = [V,H,W].</summary>
    internal CameraRays Rays(int scene)
    {
        int views = (int)Poses.shape[1];
        return CameraRays.FromPoses(Poses[scene], Focals[scene], Height, Width, Centers[scene], [.. Lenses.Skip(scene * views).Take(views)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Poses.Dispose();
        Focals.Dispose();
        Centers.Dispose();
    }
}
