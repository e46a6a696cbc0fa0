namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A box and the mode that predicts it.</summary>
internal readonly record struct ParsedBox(BoxPlace Place, int Mode);
