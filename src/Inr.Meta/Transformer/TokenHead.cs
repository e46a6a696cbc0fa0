namespace Inr.Meta;

/// <summary>The head of a block of weight tokens: a norm and a linear layer, shared by the tokens of the block.</summary>
internal sealed class TokenHead
{
    private const double NormEpsilon = 1e-5;

    private readonly long _dimension;

    /// <param name="block">The name of the block.</param>
    /// <param name="dimension">The width of a token.</param>
    /// <param name="outputs">The numbers that a token generates.</param>
    public TokenHead(string block, long dimension, long outputs)
    {
        _dimension = dimension;
        string prefix = $"wtoken_postfc.{block}";
        Specs =
        [
            new ParameterSpec($"{prefix}.0.weight", [dimension], ParameterRole.Weight),
            new ParameterSpec($"{prefix}.0.bias", [dimension], ParameterRole.Bias),
            .. LinearLayer.Specs($"{prefix}.1", dimension, outputs),
        ];
    }

    /// <summary>The weights, in the official order.</summary>
    public IReadOnlyList<ParameterSpec> Specs { get; }

    /// <summary>Draws initial weights.</summary>
    public IEnumerable<Tensor> Initialize(Generator generator) =>
    [
        ones(_dimension, dtype: float32, device: CPU),
        zeros(_dimension, dtype: float32, device: CPU),
        LinearLayer.Draw(Specs[2].Shape, _dimension, generator),
        LinearLayer.Draw(Specs[3].Shape, _dimension, generator),
    ];

    /// <summary>The numbers of each token.</summary>
    /// <param name="weights">The hypernetwork's weights.</param>
    /// <param name="tokens">Shape [B,g,dim].</param>
    /// <param name="type">The type of the linear layer.</param>
    /// <returns>Shape [B,g,outputs], float32.</returns>
    public Tensor Apply(ParameterSet weights, Tensor tokens, ScalarType type)
    {
        var normed = nn.functional.layer_norm(tokens, [_dimension], weights[Specs[0].Name], weights[Specs[1].Name], NormEpsilon);
        return MixedLinear.Apply(normed, weights[Specs[2].Name], weights[Specs[3].Name], type).to(float32);
    }
}
