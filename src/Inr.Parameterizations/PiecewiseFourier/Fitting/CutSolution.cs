namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The coefficients of a cut box.</summary>
/// <param name="Coefficients">One array per region, in the order of its terms.</param>
/// <param name="Error">The squared error that remains.</param>
/// <param name="Slopes">For soft indicators and each channel, the derivative of the value of each sample by its distance from the cut.</param>
internal sealed record CutSolution(float[][] Coefficients, double Error, double[][] Slopes);
