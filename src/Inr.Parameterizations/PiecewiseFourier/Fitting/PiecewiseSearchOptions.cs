namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>What the search may use.</summary>
internal sealed record PiecewiseSearchOptions(int MinSide, int MaxSide, bool AdaptiveOrders, bool SingleTerms, bool Cuts, bool CurvedCuts, int MaxCutSide, int Threads);
