namespace Inr;

/// <summary>A θ in codes on the way to the one that is kept.</summary>
/// <param name="Quality">8·log₂ c of its steps.</param>
/// <param name="Group">The codes.</param>
/// <param name="Error">The mean squared error of the function that they give.</param>
/// <param name="FileBytes">The size of the file.</param>
internal sealed record CodedDraft(int Quality, CodedGroup Group, double Error, long FileBytes);
