namespace Inr.Meta;

/// <summary>A pre-norm transformer encoder without a final norm: the body of the hypernetwork. It owns no weights.</summary>
/// <remarks>
/// Each of the blocks does <c>x ← x + Attention(LN(x))</c>, <c>x ← x + W₂·gelu(W₁·LN(x) + b₁) + b₂</c>, with the exact
/// (erf) GELU, queries, keys and values without bias, ε = 1e-5 in the norms, no dropout. Every pair of additions is a
/// step that moves the tokens: <see cref="ResidualStepReport"/> measures it.
/// Chen and Wang: Transformers as Meta-Learners for Implicit Neural Representations, ECCV 2022.
/// </remarks>
public sealed class TransformerEncoder
{
    private readonly EncoderBlock[] _blocks;

    /// <summary>Creates the description of an encoder.</summary>
    /// <param name="dimension">The width of a token.</param>
    /// <param name="depth">The number of blocks.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="headDimension">The width of a head.</param>
    /// <param name="feedForward">The width between the two feed-forward layers.</param>
    public TransformerEncoder(int dimension, int depth, int heads, int headDimension, int feedForward)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(headDimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(feedForward, 1);
        Dimension = dimension;
        _blocks = [.. Enumerable.Range(0, depth).Select(i =>
            new EncoderBlock($"transformer_encoder.layers.{i}", dimension, heads, headDimension, feedForward))];
    }

    /// <summary>The width of a token.</summary>
    public int Dimension { get; }

    /// <summary>The number of blocks.</summary>
    public int Depth => _blocks.Length;

    /// <summary>The weights, under their official names and in the official order.</summary>
    public IReadOnlyList<ParameterSpec> Specs => [.. _blocks.SelectMany(b => b.Specs)];

    /// <summary>Draws initial weights.</summary>
    /// <param name="generator">The source of randomness, on the CPU.</param>
    /// <returns>One tensor per entry of <see cref="Specs"/>.</returns>
    public IReadOnlyList<Tensor> Initialize(Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return [.. _blocks.SelectMany(b => b.Initialize(generator))];
    }

    /// <summary>Encodes tokens.</summary>
    /// <param name="weights">A set that holds <see cref="Specs"/>.</param>
    /// <param name="tokens">Shape [B,T,dim].</param>
    /// <param name="mask">Shape [B,T]: 1 for a token that counts, 0 for padding; all count by default.</param>
    /// <param name="pass">Kernel and type.</param>
    /// <returns>Shape [B,T,dim]. Rows of padding tokens hold numbers without meaning.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public Tensor Encode(ParameterSet weights, Tensor tokens, Tensor? mask = null, EncoderPass? pass = null)
    {
        using var scope = NewDisposeScope();
        Tensor? last = null;
        foreach (var x in Stages(weights, tokens, mask, pass))
        {
            last?.Dispose();
            last = x;
        }

        return last!.MoveToOuterDisposeScope();
    }

    /// <summary>The tokens after each half block: attention of block 0, feed-forward of block 0, attention of block 1, …</summary>
    /// <param name="weights">A set that holds <see cref="Specs"/>.</param>
    /// <param name="tokens">Shape [B,T,dim].</param>
    /// <param name="mask">Shape [B,T]: 1 for a token that counts, 0 for padding.</param>
    /// <param name="pass">Kernel and type.</param>
    /// <returns>2·<see cref="Depth"/> tensors of the shape of <paramref name="tokens"/>, each computed when asked for; the caller's scope owns them.</returns>
    public IEnumerable<Tensor> Stages(ParameterSet weights, Tensor tokens, Tensor? mask = null, EncoderPass? pass = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Shapes.Require(tokens, "tokens", $"[B,T,{Dimension}]", 3);
        if (tokens.shape[2] != Dimension)
            throw new ArgumentException($"tokens must have the shape [B,T,{Dimension}]; they are {Shapes.Text(tokens)}.", nameof(tokens));
        if (mask is not null && (mask.dim() != 2 || mask.shape[0] != tokens.shape[0] || mask.shape[1] != tokens.shape[1]))
            throw new ArgumentException($"mask must have the shape [B,T] of tokens {Shapes.Text(tokens)}; it is {Shapes.Text(mask)}.", nameof(mask));
        return Run(weights, tokens, mask, pass ?? EncoderPass.Default);
    }

    private IEnumerable<Tensor> Run(ParameterSet weights, Tensor tokens, Tensor? mask, EncoderPass pass)
    {
        var bias = mask is null ? null : zeros_like(mask).masked_fill(mask.eq(0), float.NegativeInfinity).unsqueeze(1).unsqueeze(1);
        var x = tokens;
        foreach (var block in _blocks)
        {
            var attended = block.Attend(weights, x, bias, pass);
            yield return attended;
            x = block.FeedForward(weights, attended, pass);
            yield return x;
        }
    }
}
