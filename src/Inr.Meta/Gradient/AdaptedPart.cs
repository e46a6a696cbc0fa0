namespace Inr.Meta;

/// <summary>The first axis of the family: which numbers the inner loop changes for each signal.</summary>
public enum AdaptedPart
{
    /// <summary>Every trainable parameter: MAML, Reptile.</summary>
    All,

    /// <summary>The last layers alone: ANIL. The other parameters are shared by all signals.</summary>
    LastLayers,

    /// <summary>The parameters that <see cref="GradientMetaOptions.AdaptedNames"/> lists.</summary>
    Named,

    /// <summary>A latent vector that a learned linear map turns into shifts or scales of the layers: CAVIA, functa, COIN++.</summary>
    Latent,
}
