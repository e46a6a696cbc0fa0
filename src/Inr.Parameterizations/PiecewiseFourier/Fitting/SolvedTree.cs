namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>A tree with the coefficients of its leaves: all that an expansion is made of.</summary>
/// <param name="Tree">Nodes in preorder; null where a node is split.</param>
/// <param name="Splits">The axis of each split, in preorder.</param>
/// <param name="Leaves">For each leaf, the coefficients of its regions and the squared error that it leaves.</param>
internal sealed record SolvedTree(List<LeafFit?> Tree, List<int> Splits, (float[][] Coefficients, double Error)[] Leaves);
