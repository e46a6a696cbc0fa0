namespace Inr.Piecewise;

/// <summary>What the search may use.</summary>
internal sealed record PiecewiseSearchOptions(int MinSide, int MaxSide, bool AdaptiveOrders, bool SingleTerms, bool Cuts, int MaxCutSide, int Threads);
