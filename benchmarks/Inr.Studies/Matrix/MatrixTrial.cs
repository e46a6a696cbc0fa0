namespace Inr.Studies.Matrix;

/// <summary>A fit of the sweep.</summary>
/// <param name="Value">The swept number of the family, such as ω₀.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Psnr">Mean PSNR in dB; −∞ where it diverged.</param>
internal sealed record MatrixTrial(double Value, double Rate, double Psnr);
