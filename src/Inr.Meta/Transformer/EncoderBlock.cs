namespace Inr.Meta;

/// <summary>One block of a pre-norm transformer: x ← x + attention(norm(x)), x ← x + feedforward(norm(x)).</summary>
/// <remarks>It owns no weights; it knows their names, which are those of the official Trans-INR code.</remarks>
internal sealed class EncoderBlock
{
    private const double NormEpsilon = 1e-5;

    private readonly long _dimension;
    private readonly long _heads;
    private readonly long _headDimension;
    private readonly ParameterSpec _attentionScale;
    private readonly ParameterSpec _attentionShift;
    private readonly ParameterSpec _query;
    private readonly ParameterSpec _keyValue;
    private readonly ParameterSpec _outWeight;
    private readonly ParameterSpec _outBias;
    private readonly ParameterSpec _feedScale;
    private readonly ParameterSpec _feedShift;
    private readonly ParameterSpec _upWeight;
    private readonly ParameterSpec _upBias;
    private readonly ParameterSpec _downWeight;
    private readonly ParameterSpec _downBias;

    public EncoderBlock(string prefix, long dimension, long heads, long headDimension, long feedForward)
    {
        _dimension = dimension;
        _heads = heads;
        _headDimension = headDimension;
        long inner = heads * headDimension;
        _attentionScale = Weight($"{prefix}.0.norm.weight", dimension);
        _attentionShift = Bias($"{prefix}.0.norm.bias", dimension);
        _query = Weight($"{prefix}.0.fn.to_q.weight", inner, dimension);
        _keyValue = Weight($"{prefix}.0.fn.to_kv.weight", 2 * inner, dimension);
        _outWeight = Weight($"{prefix}.0.fn.to_out.0.weight", dimension, inner);
        _outBias = Bias($"{prefix}.0.fn.to_out.0.bias", dimension);
        _feedScale = Weight($"{prefix}.1.norm.weight", dimension);
        _feedShift = Bias($"{prefix}.1.norm.bias", dimension);
        _upWeight = Weight($"{prefix}.1.fn.net.0.weight", feedForward, dimension);
        _upBias = Bias($"{prefix}.1.fn.net.0.bias", feedForward);
        _downWeight = Weight($"{prefix}.1.fn.net.3.weight", dimension, feedForward);
        _downBias = Bias($"{prefix}.1.fn.net.3.bias", dimension);
    }

    /// <summary>The weights, in the official order.</summary>
    public IEnumerable<ParameterSpec> Specs =>
    [
        _attentionScale, _attentionShift, _query, _keyValue, _outWeight, _outBias,
        _feedScale, _feedShift, _upWeight, _upBias, _downWeight, _downBias,
    ];

    /// <summary>Draws initial weights, as PyTorch draws norms and linear layers.</summary>
    public IEnumerable<Tensor> Initialize(Generator generator)
    {
        long inner = _heads * _headDimension;
        long wide = _upBias.Shape[0];
        return
        [
            ones(_dimension, dtype: float32, device: CPU),
            zeros(_dimension, dtype: float32, device: CPU),
            LinearLayer.Draw(_query.Shape, _dimension, generator),
            LinearLayer.Draw(_keyValue.Shape, _dimension, generator),
            LinearLayer.Draw(_outWeight.Shape, inner, generator),
            LinearLayer.Draw(_outBias.Shape, inner, generator),
            ones(_dimension, dtype: float32, device: CPU),
            zeros(_dimension, dtype: float32, device: CPU),
            LinearLayer.Draw(_upWeight.Shape, _dimension, generator),
            LinearLayer.Draw(_upBias.Shape, _dimension, generator),
            LinearLayer.Draw(_downWeight.Shape, wide, generator),
            LinearLayer.Draw(_downBias.Shape, wide, generator),
        ];
    }

    /// <summary>The attention half with its residual.</summary>
    /// <param name="weights">The hypernetwork's weights.</param>
    /// <param name="x">Tokens; shape [B,T,dim].</param>
    /// <param name="mask">Added to the scores of each key; shape [B,1,1,T], 0 or −∞. None where all tokens count.</param>
    /// <param name="pass">Kernel and type.</param>
    public Tensor Attend(ParameterSet weights, Tensor x, Tensor? mask, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        var type = pass.LinearType;
        var h = Norm(weights, x, _attentionScale, _attentionShift).to(type);
        var q = Heads(MixedLinear.Apply(h, weights[_query.Name], null, type));
        var keyValue = MixedLinear.Apply(h, weights[_keyValue.Name], null, type).chunk(2, -1);
        var k = Heads(keyValue[0]);
        var v = Heads(keyValue[1]);
        var bias = mask?.to(type);
        var attended = pass.Kernel == AttentionKernel.Fused
            ? nn.functional.scaled_dot_product_attention(q, k, v, bias, 0.0, false)
            : Explicit(q, k, v, bias);
        var merged = attended.transpose(1, 2).flatten(2);
        return x.add(MixedLinear.Apply(merged, weights[_outWeight.Name], weights[_outBias.Name], type).to(x.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>The feed-forward half with its residual: linear, exact GELU, linear.</summary>
    public Tensor FeedForward(ParameterSet weights, Tensor x, EncoderPass pass)
    {
        using var scope = NewDisposeScope();
        var type = pass.LinearType;
        var h = Norm(weights, x, _feedScale, _feedShift);
        h = nn.functional.gelu(MixedLinear.Apply(h, weights[_upWeight.Name], weights[_upBias.Name], type));
        return x.add(MixedLinear.Apply(h, weights[_downWeight.Name], weights[_downBias.Name], type).to(x.dtype)).MoveToOuterDisposeScope();
    }

    private Tensor Explicit(Tensor q, Tensor k, Tensor v, Tensor? bias)
    {
        // (B·H,T,d)·(B·H,d,T): bmm throws on a bad shape where matmul would end the process.
        long batch = q.shape[0];
        // The scale goes to the queries, which are smaller than the scores.
        var scores = bmm((q * (1 / Math.Sqrt(_headDimension))).flatten(0, 1), k.flatten(0, 1).transpose(1, 2));
        if (bias is not null)
            scores = scores.reshape(batch, _heads, q.shape[2], k.shape[2]).add(bias).flatten(0, 1);
        return bmm(scores.softmax(-1), v.flatten(0, 1)).reshape(batch, _heads, q.shape[2], _headDimension);
    }

    // [B,T,H·d] → [B,H,T,d]
    private Tensor Heads(Tensor x) => x.reshape(x.shape[0], x.shape[1], _heads, _headDimension).transpose(1, 2);

    private Tensor Norm(ParameterSet weights, Tensor x, ParameterSpec scale, ParameterSpec shift) =>
        nn.functional.layer_norm(x, [_dimension], weights[scale.Name], weights[shift.Name], NormEpsilon);

    private static ParameterSpec Weight(string name, params long[] shape) => new(name, shape, ParameterRole.Weight);

    private static ParameterSpec Bias(string name, long size) => new(name, [size], ParameterRole.Bias);
}
