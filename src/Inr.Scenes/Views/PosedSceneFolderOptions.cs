using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Which scenes of a folder to learn from, and how much of each.</summary>
public sealed record PosedSceneFolderOptions
{
    /// <summary>The side that pictures are resized to, whatever their aspect; the focal length of each axis follows.</summary>
    /// <value>The default is null: that of the files.</value>
    public int? Size { get; init; }

    /// <summary>The views of each scene, from the first; a scene with fewer is left out.</summary>
    /// <value>The default is null: all, however many. The official training takes 25; scenes of one batch need the same number.</value>
    public int? Views { get; init; }

    /// <summary>A JSON file with a list of folder names for each part, such as <c>{"train": ["a", "b"], "test": ["c"]}</c>.</summary>
    /// <value>The default is null: every folder that holds a scene.</value>
    public string? SplitFile { get; init; }

    /// <summary>The part of <see cref="SplitFile"/>.</summary>
    /// <value>The default is <c>train</c>.</value>
    public string Split { get; init; } = "train";
}
