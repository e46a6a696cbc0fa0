namespace Inr.Meta;

/// <summary>What one block of the encoder did to the weight tokens of a batch.</summary>
/// <param name="Block">The block, from 0; −1 stands for the tokens before the first.</param>
/// <param name="AttentionNorm">The length of the change by attention, |Δ|, as the mean over weight tokens and signals.</param>
/// <param name="FeedForwardNorm">The same for the feed-forward half.</param>
/// <param name="UpdateNorm">The same for the whole block.</param>
/// <param name="TokenNorm">The mean length of the tokens after the block.</param>
/// <param name="Psnr">The mean PSNR over the signals, in dB, of θ decoded from the tokens after this block: an early exit.</param>
public sealed record ResidualStep(int Block, double AttentionNorm, double FeedForwardNorm, double UpdateNorm, double TokenNorm, double Psnr);
