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
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public PosedViews(Tensor images, Tensor poses, Tensor focals)
    {
        Shapes.Require(images, "images", "[B,V,H,W,3]", 5);
        Shapes.Require(poses, "poses", "[B,V,3,4]", 4);
        Shapes.Require(focals, "focals", "[B,V,2]", 3);
        long[] lead = [images.shape[0], images.shape[1]];
        if (images.shape[4] != 3 || !poses.shape.SequenceEqual([.. lead, 3, 4]) || !focals.shape.SequenceEqual([.. lead, 2]))
            throw new ArgumentException($"Views need images [B,V,H,W,3], poses [B,V,3,4] and focals [B,V,2]; they are {Shapes.Text(images)}, {Shapes.Text(poses)} and {Shapes.Text(focals)}.", nameof(images));
        Images = images.DetachFromDisposeScope();
        Poses = poses.DetachFromDisposeScope();
        Focals = focals.DetachFromDisposeScope();
    }

    /// <summary>Shape [B,V,H,W,3].</summary>
    public Tensor Images { get; }

    /// <summary>Shape [B,V,3,4].</summary>
    public Tensor Poses { get; }

    /// <summary>Shape [B,V,2].</summary>
    public Tensor Focals { get; }

    /// <summary>Rows of a picture.</summary>
    public int Height => (int)Images.shape[2];

    /// <summary>Columns of a picture.</summary>
    public int Width => (int)Images.shape[3];

    /// <summary>The rays of all pixels.</summary>
    public CameraRays Rays() => CameraRays.FromPoses(Poses, Focals, Height, Width);

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Poses.Dispose();
        Focals.Dispose();
    }
}
