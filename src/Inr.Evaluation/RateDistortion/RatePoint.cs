namespace Inr.Evaluation;

/// <summary>A point of a rate-distortion curve.</summary>
/// <param name="BitsPerSample">Bits for each pixel; above 0.</param>
/// <param name="Psnr">PSNR in dB.</param>
public readonly record struct RatePoint(double BitsPerSample, double Psnr);
