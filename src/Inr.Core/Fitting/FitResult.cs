using Inr.Losses;

namespace Inr;

/// <summary>What every fitter returns, iterative or closed form.</summary>
/// <remarks>Disposing of the result disposes of its representation; keep the one you use.</remarks>
public sealed record FitResult : IDisposable
{
    private readonly double? _meanSquaredError;

    /// <summary>The fitted function: target, parameters and domain.</summary>
    public required ImplicitRepresentation Representation { get; init; }

    /// <summary>How the fit ended.</summary>
    public required FitStatus Status { get; init; }

    /// <summary>A sentence for a person: how the fit ended and what it reached.</summary>
    public required string Message { get; init; }

    /// <summary>The steps done; 0 for a closed form.</summary>
    public required int Steps { get; init; }

    /// <summary>The mean error of the returned parameters over the context: the mean squared error, unless the fit lowered another one (<see cref="ErrorName"/>). Terms beside the error are left out.</summary>
    public required double Loss { get; init; }

    /// <summary>Which error <see cref="Loss"/> is the mean of.</summary>
    public string ErrorName { get; init; } = PointwiseError.Squared.Name;

    /// <summary>The mean squared error over the context, whatever the fit lowered.</summary>
    public double MeanSquaredError
    {
        get => _meanSquaredError ?? Loss;
        init => _meanSquaredError = value;
    }

    /// <summary>Wall-clock time of the fit.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The time of the steps by the clock of the time limit, without the last look at all samples; null where there was no limit.</summary>
    public TimeSpan? Spent { get; init; }

    /// <summary>The losses of the steps that were recorded, terms included, as (step, loss); empty for a closed form.</summary>
    public IReadOnlyList<(int Step, double Loss)> History { get; init; } = [];

    /// <summary>What computed loss and gradient of the last step: <c>libtorch</c>, or the name of an <see cref="ILossKernel"/>; null where there was no step of gradient descent.</summary>
    public string? Engine { get; init; }

    /// <summary>The PSNR of <see cref="MeanSquaredError"/> in dB for a peak of 1: unclamped, over the context samples.</summary>
    public double Psnr => -10 * Math.Log10(MeanSquaredError);

    /// <inheritdoc/>
    public void Dispose() => Representation.Dispose();
}
