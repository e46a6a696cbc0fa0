namespace Inr.Meta;

/// <summary>Turns data into tokens with learned weights that the hypernetwork holds.</summary>
public interface ITokenizer
{
    /// <summary>The weights; names start with <c>tokenizer.</c>.</summary>
    IReadOnlyList<ParameterSpec> Specs { get; }

    /// <summary>Draws initial weights.</summary>
    /// <param name="generator">The source of randomness, on the CPU.</param>
    /// <returns>One tensor per entry of <see cref="Specs"/>, on the CPU.</returns>
    IReadOnlyList<Tensor> Initialize(Generator generator);
}
