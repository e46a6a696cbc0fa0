namespace Inr.Meta;

/// <summary>Square images as patches: token = W·patch + b + e, with a learned embedding e of each position.</summary>
/// <remarks>Weights: <c>tokenizer.posemb [L,dim]</c>, <c>tokenizer.prefc.weight [dim,c·p²]</c>, <c>tokenizer.prefc.bias</c>. The embedding ties them to one image size.</remarks>
public sealed class ImagePatchTokenizer : ISignalTokenizer
{
    internal const string Embedding = "tokenizer.posemb";

    private const int LargestSize = 1 << 16;

    private readonly int _size;
    private readonly int _patch;
    private readonly int _padding;
    private readonly int _channels;
    private readonly ParameterSpec[] _linear;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="size">The side of the images, in pixels; at most 65,536.</param>
    /// <param name="channels">The channels of the images.</param>
    /// <param name="patchSize">The side of a patch; 9 in the official configuration of 178-pixel images.</param>
    /// <param name="padding">Zeros on each side; 1 in that configuration.</param>
    /// <param name="dimension">The width of a token.</param>
    /// <exception cref="ArgumentException">The padded side is not a multiple of the patch.</exception>
    public ImagePatchTokenizer(int size, int channels, int patchSize, int padding, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int padded = size + 2 * padding;
        if (padded % patchSize != 0)
            throw new ArgumentException($"An image of {size} pixels with {padding} of padding on each side ({padded}) does not divide into patches of {patchSize}; change the patch size or the padding.", nameof(patchSize));
        _size = size;
        _channels = channels;
        _patch = patchSize;
        _padding = padding;
        int side = padded / patchSize;
        _linear = LinearLayer.Specs("tokenizer.prefc", (long)channels * patchSize * patchSize, dimension);
        Specs = [new ParameterSpec(Embedding, [(long)side * side, dimension], ParameterRole.Weight), .. _linear];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Specs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Initialize(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        long inputs = _linear[0].Shape[1];
        return
        [
            randn([.. Specs[0].Shape], dtype: float32, device: CPU, generator: generator),
            LinearLayer.Draw(_linear[0].Shape, inputs, generator),
            LinearLayer.Draw(_linear[1].Shape, inputs, generator),
        ];
    }

    /// <inheritdoc/>
    public TokenBatch Tokenize(ParameterSet weights, SignalBatch signals, ScalarType linearType = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(signals);
        RequireImages(signals);
        using var scope = NewDisposeScope();
        var images = signals.Values.reshape(signals.Count, _size, _size, _channels);
        var patches = PatchUnfold.Apply(images, _patch, _padding);
        var tokens = MixedLinear.Apply(patches, weights[_linear[0].Name], weights[_linear[1].Name], linearType).to(float32) + weights[Embedding];
        return new TokenBatch(tokens.MoveToOuterDisposeScope());
    }

    private void RequireImages(SignalBatch signals)
    {
        var domain = signals.Domain;
        if (!domain.IsGrid || domain.Dimension != 2 || domain.GridShape[0] != _size || domain.GridShape[1] != _size || signals.Values.shape[2] != _channels)
            throw new SignalMismatchException($"These weights are for images of {_size}×{_size} pixels with {_channels} channels; the signals are {domain} with {signals.Values.shape[2]}. Resize them first.", nameof(signals));
        if (signals.Mask is not null)
            throw new ArgumentException("Patches need every pixel; use a SampleSetTokenizer for partial observations.", nameof(signals));
    }
}
