namespace Inr.Meta;

/// <summary>The data tokens of B signals.</summary>
/// <param name="Tokens">Shape [B,L,dim].</param>
/// <param name="Mask">Shape [B,L]: 1 for a token that counts, 0 for padding; null where all count.</param>
public sealed record TokenBatch(Tensor Tokens, Tensor? Mask = null);
