namespace Inr.Scenes;

/// <summary>A picture of a file of poses.</summary>
/// <param name="Name">Its path, as the file has it.</param>
/// <param name="Pose">Twelve numbers, row by row of [3,4]: a rigid motion.</param>
/// <param name="Lens">What is known of its lens.</param>
/// <param name="Fields">All that the file says about it.</param>
internal sealed record TransformsFrame(string Name, double[] Pose, LensFields Lens, JsonFields Fields)
{
    /// <summary>The camera of a picture of this size.</summary>
    public SceneCamera Camera(ImageSize picture) => new(Name, Lens.For(picture), Pose);
}
