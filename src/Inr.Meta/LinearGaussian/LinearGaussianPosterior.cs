namespace Inr.Meta;

/// <summary>What a <see cref="LinearGaussianLearner"/> knows about one signal after it has seen samples: the components, and how sure they are.</summary>
/// <remarks>z ~ N(<see cref="Components"/>, √Λ·(I − Q·s/(s+v)·Qᵀ)·√Λ). The learner must outlive it, and not be trained meanwhile.</remarks>
public sealed class LinearGaussianPosterior : IDisposable
{
    // Rows of features at once.
    private const int PieceSamples = 1024;

    private readonly LinearGaussianLearner _learner;
    private readonly Tensor? _directions;
    private readonly Tensor _seen;

    internal LinearGaussianPosterior(LinearGaussianLearner learner, Tensor components, SampleSystem system, double noise)
    {
        _learner = learner;
        using var scope = NewDisposeScope();
        Components = components.DetachFromDisposeScope();
        NoiseVariance = noise;
        _directions = system.Directions?.clone().DetachFromDisposeScope();
        _seen = (system.Spectrum / (system.Spectrum + noise)).to(components.dtype).DetachFromDisposeScope();
        var left = _directions is null ? 1 - _seen : 1 - (_directions.square() * _seen).sum(1);
        ComponentVariances = (learner.Prior.Variances * left.clamp_min(0)).DetachFromDisposeScope();
    }

    /// <summary>The mean of the components z: the numbers of the signal; shape [n].</summary>
    public Tensor Components { get; }

    /// <summary>The variance of each component; shape [n].</summary>
    public Tensor ComponentVariances { get; }

    /// <summary>The variance of a sample about the function's components: noise, and what the components do not explain.</summary>
    public double NoiseVariance { get; }

    /// <summary>The mean of the function and the variance of its values, at places.</summary>
    /// <param name="coordinates">Shape [N,d].</param>
    /// <returns>Shapes [N,c] both. The variance holds what the components do not explain, and no noise of a measurement. The caller owns them.</returns>
    public (Tensor Mean, Tensor Variance) At(Tensor coordinates)
    {
        ArgumentNullException.ThrowIfNull(coordinates);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var prior = _learner.Prior;
        long channels = _learner.Target.OutputDimension, count = coordinates.shape[0];
        var mean = empty([count, channels], float32, coordinates.device);
        var variance = empty([count, channels], float32, coordinates.device);
        var coefficients = prior.Mean + prior.Flat.mv(Components).reshape(prior.Mean.shape);
        var scale = prior.Variances.sqrt();
        for (long start = 0; start < count; start += PieceSamples)
        {
            using var piece = NewDisposeScope();
            long length = Math.Min(PieceSamples, count - start);
            var features = _learner.Features(coordinates.narrow(0, start, length).to(float32));
            mean.narrow(0, start, length).copy_(features.mm(coefficients));
            var rows = features.mm(prior.Basis.reshape(features.shape[1], -1)).reshape(-1, prior.Count) * scale;
            var left = _directions is null ? (rows.square() * (1 - _seen)).sum(1) : rows.square().sum(1) - (rows.mm(_directions).square() * _seen).sum(1);
            variance.narrow(0, start, length).copy_((left.clamp_min(0) + prior.Noise).reshape(length, channels));
        }

        return (mean.MoveToOuterDisposeScope(), variance.MoveToOuterDisposeScope());
    }

    /// <summary>The mean of the function and the variance of its values on a grid: an error bar for every pixel.</summary>
    /// <param name="shape">Samples on each axis.</param>
    /// <returns>Shapes [N,c] both, in row-major order; the caller owns them.</returns>
    public (Tensor Mean, Tensor Variance) On(params int[] shape)
    {
        using var scope = NewDisposeScope();
        var (mean, variance) = At(CoordinateGrid.Create(shape));
        return (mean.MoveToOuterDisposeScope(), variance.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Components.Dispose();
        ComponentVariances.Dispose();
        _directions?.Dispose();
        _seen.Dispose();
    }
}
