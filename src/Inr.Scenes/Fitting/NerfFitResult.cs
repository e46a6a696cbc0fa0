using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>What a fit of a radiance field gave. Disposing of it disposes of the representation.</summary>
public sealed record NerfFitResult : IDisposable
{
    /// <summary>The radiance field.</summary>
    public required ImplicitRepresentation Representation { get; init; }

    /// <summary>How the fit ended.</summary>
    public required FitStatus Status { get; init; }

    /// <summary>Steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>The mean squared error over the rays of the last reports.</summary>
    public required double Loss { get; init; }

    /// <summary>Wall-clock time of the fit, without the held-out views.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The PSNR of each held-out view in dB, unclamped; empty where none was given, or the fit was cancelled. Infinite where both pictures are background alone.</summary>
    public required IReadOnlyList<double> HeldOutPsnrs { get; init; }

    /// <summary>The share of space that was evaluated at the end.</summary>
    public required double OccupiedFraction { get; init; }

    /// <summary>The mean over the held-out views that show something, in dB; null where there is none.</summary>
    public double? HeldOutPsnr => HeldOutPsnrs.Where(double.IsFinite).Select(p => (double?)p).Average();

    /// <inheritdoc/>
    public void Dispose() => Representation.Dispose();
}
