namespace Inr.Parameterizations.CompressedFourier;

/// <summary>Chooses the refinements that are written.</summary>
internal interface IRefinementChooser
{
    /// <summary>Chooses the refinements of a channel of a box and the class of their count, with the contexts as they stand.</summary>
    /// <param name="place">The box.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="baseClass">The class of the levels of the layers before.</param>
    /// <param name="levels">Receives them by place.</param>
    /// <returns>The class.</returns>
    int Choose(BoxPlace place, int channel, int baseClass, int[] levels);
}
