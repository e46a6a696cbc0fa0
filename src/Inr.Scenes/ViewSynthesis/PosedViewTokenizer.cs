using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Scenes;

/// <summary>Posed pictures as patches of color, ray origin and ray direction: nine channels, which say where a patch is, so that there is no embedding of positions.</summary>
/// <remarks>Weights: <c>tokenizer.prefc.weight [dim,9·p²]</c>, <c>tokenizer.prefc.bias</c>. The views of a scene follow one another; any number of them is allowed.</remarks>
public sealed class PosedViewTokenizer : ITokenizer
{
    private const int Channels = 9;

    private readonly int _size;
    private readonly int _patch;
    private readonly int _padding;
    private readonly ParameterSpec[] _linear;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="size">The side of the pictures.</param>
    /// <param name="patchSize">The side of a patch; 8 in the official configuration.</param>
    /// <param name="padding">Zeros on each side; 0 there.</param>
    /// <param name="dimension">The width of a token.</param>
    /// <exception cref="ArgumentException">The padded side is not a multiple of the patch.</exception>
    public PosedViewTokenizer(int size, int patchSize, int padding, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1 << 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if ((size + 2 * padding) % patchSize != 0)
            throw new ArgumentException($"A picture of {size} pixels with {padding} of padding on each side does not divide into patches of {patchSize}; change the patch size or the padding.", nameof(patchSize));
        _size = size;
        _patch = patchSize;
        _padding = padding;
        _linear = LinearLayer.Specs("tokenizer.prefc", (long)Channels * patchSize * patchSize, dimension);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterSpec> Specs => _linear;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Initialize(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return [.. _linear.Select(s => LinearLayer.Draw(s.Shape, _linear[0].Shape[1], generator))];
    }

    /// <summary>Makes the tokens of B scenes.</summary>
    /// <param name="weights">A set that holds <see cref="Specs"/>.</param>
    /// <param name="views">The views to look at.</param>
    /// <param name="linearType">The type in which the linear layer computes.</param>
    /// <exception cref="ArgumentException">The pictures have another size.</exception>
    public TokenBatch Tokenize(ParameterSet weights, PosedViews views, ScalarType linearType = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(views);
        if (views.Height != _size || views.Width != _size)
            throw new ArgumentException($"These weights are for pictures of {_size}×{_size} pixels; the views have {views.Width}×{views.Height}. Resize them first.", nameof(views));
        using var scope = NewDisposeScope();
        var rays = views.Rays();
        var tokens = Tokenize(weights, cat([views.Images, rays.Origins, rays.Directions], -1), linearType).Tokens;
        return new TokenBatch(tokens.MoveToOuterDisposeScope());
    }

    /// <summary>Makes the tokens of pixels with their rays: [B,V,S,S,9].</summary>
    internal TokenBatch Tokenize(ParameterSet weights, Tensor pixels, ScalarType linearType = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var patches = PatchUnfold.Apply(pixels.flatten(0, 1), _patch, _padding);
        var tokens = MixedLinear.Apply(patches, weights[_linear[0].Name], weights[_linear[1].Name], linearType).to(float32);
        return new TokenBatch(tokens.reshape(pixels.shape[0], -1, tokens.shape[2]).MoveToOuterDisposeScope());
    }
}
