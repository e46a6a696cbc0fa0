namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A box while it is coded: how it is predicted, and its levels.</summary>
/// <param name="channels">Channels of the picture.</param>
internal sealed class CodedBox(int channels)
{
    /// <summary>Where it is.</summary>
    public BoxPlace Place { get; set; }

    /// <summary>The mode of <see cref="BoxPrediction"/>.</summary>
    public int Mode { get; set; }

    /// <summary>Whether its samples are coded as they are: it has no mode and no levels then.</summary>
    public bool IsExact { get; set; }

    /// <summary>The class of the count of coefficients of each channel.</summary>
    public int[] Classes { get; } = new int[channels];

    /// <summary>How much of the first channel each channel takes over: an index into <see cref="ChannelLink"/>.</summary>
    public int[] Links { get; } = new int[channels];

    /// <summary>The level of each channel at every place v·w + u.</summary>
    public int[][] Levels { get; } = [.. Enumerable.Range(0, channels).Select(_ => new int[1 << 12])];
}
