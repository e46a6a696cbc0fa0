namespace Inr.Meta;

/// <summary>A tokenizer of sampled signals.</summary>
public interface ISignalTokenizer : ITokenizer
{
    /// <summary>Makes the tokens of a batch.</summary>
    /// <param name="weights">A set that holds <see cref="ITokenizer.Specs"/>.</param>
    /// <param name="signals">B signals.</param>
    /// <param name="linearType">The type in which linear layers compute; float32 by default.</param>
    /// <returns>Tokens in float32; differentiable in weights and values.</returns>
    /// <exception cref="ArgumentException">The signals are not of the kind or size that the weights are for.</exception>
    TokenBatch Tokenize(ParameterSet weights, SignalBatch signals, ScalarType linearType = ScalarType.Float32);
}
