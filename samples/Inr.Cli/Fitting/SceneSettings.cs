namespace Inr.Cli.Fitting;

/// <summary>What the user chose for the fit of a scene; null where nothing was said.</summary>
internal sealed record SceneSettings
{
    /// <summary>Gradient steps.</summary>
    public int? Steps { get; init; }

    /// <summary>The time after which the fit ends.</summary>
    public double? Seconds { get; init; }

    /// <summary>The learning rate at the start.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The side that views are resized to.</summary>
    public int? Size { get; init; }

    /// <summary>The width of hidden layers.</summary>
    public int? Width { get; init; }

    /// <summary>Layers in all.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether colours depend on the direction of the ray.</summary>
    public bool ViewDirections { get; init; }
}
