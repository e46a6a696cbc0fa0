namespace Inr.Meta;

/// <summary>A transformer that generates θ: tokens of the data and learned weight tokens go through one encoder, and the weight tokens come out as weights.</summary>
/// <remarks>
/// <c>[·, T] = encoder([data tokens, wtokens])</c>, <c>θ = generator(T)</c>. Immutable and without weights of its own:
/// they are a <see cref="ParameterSet"/> of <see cref="Layout"/>, whose names, shapes and order are those of the official
/// state dict for a <c>ReluMlp</c> target, images and the default rules.
/// Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022.
/// </remarks>
public sealed class TransformerHypernetwork
{
    private const string WeightTokens = "wtokens";

    private readonly double _embeddingScale;

    /// <summary>Creates the description.</summary>
    /// <param name="target">The target whose θ is generated.</param>
    /// <param name="tokenizer">Makes the data tokens; its tokens are as wide as <see cref="TransformerOptions.Dimension"/>.</param>
    /// <param name="options">The shape; copied.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid.</exception>
    public TransformerHypernetwork(ITargetFunction target, ITokenizer tokenizer, TransformerOptions options)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        new TransformerOptionsValidator().ThrowIfInvalid(options);
        _embeddingScale = options.EmbeddingScale;
        Target = target;
        Tokenizer = tokenizer;
        Encoder = new TransformerEncoder(options.Dimension, options.Depth, options.Heads, options.HeadDimension, options.FeedForward);
        Generator = new WeightGenerator(target, options);
        Layout = new ParameterLayout(
        [
            new ParameterSpec(WeightTokens, [Generator.TokenCount, options.Dimension], ParameterRole.Weight),
            .. tokenizer.Specs, .. Encoder.Specs, .. Generator.Specs,
        ]);
    }

    /// <summary>The target whose θ is generated.</summary>
    public ITargetFunction Target { get; }

    /// <summary>Makes the data tokens.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The body.</summary>
    public TransformerEncoder Encoder { get; }

    /// <summary>Turns encoded weight tokens into θ.</summary>
    public WeightGenerator Generator { get; }

    /// <summary>All weights of the hypernetwork.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>Draws initial weights as the official code draws them (from another random stream).</summary>
    /// <param name="generator">The source of randomness, on the CPU; a new one of seed 0 by default.</param>
    /// <param name="device">Where the weights live; CPU by default.</param>
    public ParameterSet Initialize(Generator? generator = null, Device? device = null)
    {
        using var scope = NewDisposeScope();
        using var own = generator is null ? new Generator(0) : null;
        var source = generator ?? own!;
        Tensor[] tensors =
        [
            randn([.. Layout[0].Shape], dtype: float32, device: CPU, generator: source),
            .. Tokenizer.Initialize(source), .. Encoder.Initialize(source), .. Generator.Initialize(source),
        ];
        for (int i = 0; i < tensors.Length; i++)
        {
            if (Layout[i].Name is WeightTokens or ImagePatchTokenizer.Embedding)
                tensors[i] = tensors[i] * _embeddingScale;
        }

        return new ParameterSet(Layout, device is null ? tensors : [.. tensors.Select(t => t.to(device))]).MoveToOuterDisposeScope();
    }

    /// <summary>Generates θ of B signals.</summary>
    /// <param name="weights">Weights of <see cref="Layout"/>.</param>
    /// <param name="data">The data tokens of the signals.</param>
    /// <param name="pass">Kernel and type; the fused kernel in float32 by default.</param>
    /// <returns>θ with a batch axis; differentiable in weights and tokens.</returns>
    public ParameterSet Generate(ParameterSet weights, TokenBatch data, EncoderPass? pass = null)
    {
        pass ??= EncoderPass.Default;
        using var scope = NewDisposeScope();
        var (tokens, mask) = Join(weights, data);
        var encoded = Encoder.Encode(weights, tokens, mask, pass);
        return Decode(weights, encoded, pass).MoveToOuterDisposeScope();
    }

    /// <summary>The weight tokens before the first block and after each half block (attention, feed-forward, attention, …).</summary>
    /// <param name="weights">Weights of <see cref="Layout"/>.</param>
    /// <param name="data">The data tokens of the signals.</param>
    /// <param name="pass">Kernel and type.</param>
    /// <returns>2·depth + 1 tensors of shape [B,n,dim], computed when asked for; the caller's scope owns them.</returns>
    public IEnumerable<Tensor> WeightTokenStages(ParameterSet weights, TokenBatch data, EncoderPass? pass = null)
    {
        var (tokens, mask) = Join(weights, data);
        yield return Last(tokens);
        foreach (var stage in Encoder.Stages(weights, tokens, mask, pass))
            yield return Last(stage);
    }

    /// <summary>θ from weight tokens at any stage: an early exit where they have not gone through all blocks.</summary>
    /// <param name="weights">Weights of <see cref="Layout"/>.</param>
    /// <param name="tokens">Shape [B,T,dim], of which the last <see cref="WeightGenerator.TokenCount"/> are the weight tokens.</param>
    /// <param name="pass">Kernel and type.</param>
    public ParameterSet Decode(ParameterSet weights, Tensor tokens, EncoderPass? pass = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        using var scope = NewDisposeScope();
        return Generator.Generate(weights, Last(tokens), (pass ?? EncoderPass.Default).LinearType).MoveToOuterDisposeScope();
    }

    /// <summary>A copy of the weights whose matrices of linear layers are stored in a type: casts once what a pass would cast each time.</summary>
    /// <param name="weights">Weights of <see cref="Layout"/>, float32.</param>
    /// <param name="linearType">The type of <see cref="EncoderPass.LinearType"/>.</param>
    public static ParameterSet CastLinear(ParameterSet weights, ScalarType linearType)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.Map((spec, t) => IsLinear(spec) ? t.to(linearType, copy: true) : t.clone());
    }

    private static bool IsLinear(ParameterSpec spec) =>
        spec.Shape.Count == 2 && spec.Name.EndsWith(".weight", StringComparison.Ordinal) && !spec.Name.StartsWith("base_params", StringComparison.Ordinal);

    private (Tensor Tokens, Tensor? Mask) Join(ParameterSet weights, TokenBatch data)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(data);
        if (!weights.Layout.IsCompatibleWith(Layout))
            throw new ArgumentException("The weights are not those of this hypernetwork: names or shapes differ.", nameof(weights));
        long batch = data.Tokens.shape[0];
        var own = weights[WeightTokens].unsqueeze(0).expand(batch, Generator.TokenCount, Encoder.Dimension);
        var mask = data.Mask is null ? null : cat([data.Mask, ones(batch, Generator.TokenCount, dtype: data.Mask.dtype, device: data.Mask.device)], 1);
        return (cat([data.Tokens, own], 1), mask);
    }

    private Tensor Last(Tensor tokens) => tokens.narrow(1, tokens.shape[1] - Generator.TokenCount, Generator.TokenCount);
}
