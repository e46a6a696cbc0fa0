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

    /// <summary>The box that views are resized to fit in.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Where sampling of rays starts, in units of the poses.</summary>
    public double? Near { get; init; }

    /// <summary>Where it ends.</summary>
    public double? Far { get; init; }

    /// <summary>Half the side of the cube in which the scene lies.</summary>
    public double? HalfWidth { get; init; }

    /// <summary>The middle of the cube.</summary>
    public (double X, double Y, double Z)? Center { get; init; }

    /// <summary>Every how manieth view is held out, whether or not there are test views.</summary>
    public int? HoldOut { get; init; }

    /// <summary>The width of hidden layers.</summary>
    public int? Width { get; init; }

    /// <summary>Layers in all.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether colors depend on the direction of the ray.</summary>
    public bool ViewDirections { get; init; }
}
