namespace Inr.Parameterizations.CompressedFourier;

/// <summary>A box, the mode that predicts it, and whether it has its samples as they are instead.</summary>
internal readonly record struct ParsedBox(BoxPlace Place, int Mode, bool IsExact);
