using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>How a radiance field is fitted to the views of one scene.</summary>
public sealed record NerfFitOptions
{
    /// <summary>The number of steps.</summary>
    /// <value>The default is 10,000.</value>
    public int Steps { get; init; } = 10_000;

    /// <summary>Ends the fit after this time, within a step; the learning rate falls with the time where that is shorter than the steps.</summary>
    /// <value>The default is null: no limit.</value>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>The most random rays of a step.</summary>
    /// <value>The default is 4,096.</value>
    public int RaysPerStep { get; init; } = 4_096;

    /// <summary>About how many points a step evaluates: the number of rays follows how many points of a ray can be seen, so that steps take about the same time.</summary>
    /// <value>The default is 16,384.</value>
    public int PointsPerStep { get; init; } = 16_384;

    /// <summary>The step size of Adam at the start; it falls to a hundredth along half a cosine.</summary>
    /// <value>The default is 3e-3; the small perceptron bears it.</value>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Points on a ray, from the near to the far of the scene.</summary>
    /// <value>The default is null: 32 for each unit of the field, 128 at least and 1,024 at most; 128 in the synthetic NeRF scenes.</value>
    public int? PointsPerRay { get; init; }

    /// <summary>Whether what a ray does not hit is white, as transparent pixels are; otherwise black.</summary>
    /// <value>The default is true.</value>
    public bool WhiteBackground { get; init; } = true;

    /// <summary>Cells of the grid of empty space on each axis.</summary>
    /// <value>The default is 128; 2 to 512.</value>
    public int GridResolution { get; init; } = 128;

    /// <summary>Cells on each axis of the mask of empty space that the representation keeps (<see cref="NerfMlpOptions.MaskResolution"/>), made from the grid at the end; at most those of the grid.</summary>
    /// <value>The default is 32: 1,366 numbers; 0 keeps none, and then a file may show mist where silhouettes carved the fit's grid.</value>
    public int MaskResolution { get; init; } = 32;

    /// <summary>Whether transparent pixels carve empty space out before the first step (the visual hull). Without an alpha channel nothing is carved.</summary>
    /// <value>The default is true.</value>
    public bool UseSilhouettes { get; init; } = true;

    /// <summary>The weight of the density of random empty points in the loss, so that the field is empty where it is never looked at, and needs no grid to be rendered.</summary>
    /// <value>The default is 0.01; at least 0.</value>
    public double EmptinessWeight { get; init; } = 0.01;

    /// <summary>Steps between two updates of the grid of empty space.</summary>
    /// <value>The default is 64.</value>
    public int GridEvery { get; init; } = 64;

    /// <summary>The step from which empty space is skipped; before it, the field is still unsettled.</summary>
    /// <value>The default is 256.</value>
    public int GridFrom { get; init; } = 256;

    /// <summary>Steps between progress reports.</summary>
    /// <value>The default is 50.</value>
    public int ReportEvery { get; init; } = 50;

    /// <summary>The seed of weights, rays and jitter.</summary>
    /// <value>The default is 0.</value>
    public long Seed { get; init; }

    /// <summary>Where the fit runs.</summary>
    /// <value>The default is null: the CPU.</value>
    public Device? Device { get; init; }

    /// <summary>How rays through a scene are rendered, in the units of its field.</summary>
    internal VolumeRendererOptions RendererOf(SceneSpace space)
    {
        var usual = VolumeRendererOptions.Of(space);
        return usual with { PointsPerRay = PointsPerRay ?? usual.PointsPerRay, WhiteBackground = WhiteBackground };
    }
}
