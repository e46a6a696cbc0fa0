namespace Inr.Parameterizations;

/// <summary>To which sets points belong.</summary>
/// <param name="Groups">Shape [B,N], int64: the group of each point; its regions are <c>group·S … group·S + S − 1</c>.</param>
/// <param name="Weights">Shape [B,N,S]: the indicators of those regions, adding up to 1.</param>
/// <param name="Local">Shape [B,N,S,d]: the point in the box of each region, [0,1]^d inside it.</param>
public sealed record PartitionMembership(Tensor Groups, Tensor Weights, Tensor Local);
