using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>What an evaluation of a <see cref="ViewSynthesizer"/> gave.</summary>
/// <param name="Names">The scenes that were judged.</param>
/// <param name="Psnrs">The PSNR of every query view in dB, unclamped: scene by scene, repeat by repeat.</param>
/// <param name="Skipped">The scenes that cannot be read, each with the reason.</param>
public sealed record ViewEvaluationResult(IReadOnlyList<string> Names, IReadOnlyList<double> Psnrs, IReadOnlyList<SkippedSignal> Skipped)
{
    /// <summary>The mean over all query views, in dB: the official number.</summary>
    public double Psnr => Psnrs.Average();
}
