namespace Inr.Parameterizations.PiecewiseFourier;

/// <summary>The tensors of a piecewise-indicator Fourier expansion.</summary>
internal static class PiecewiseParameters
{
    /// <summary>The value of each channel where every coefficient is zero, [c].</summary>
    public const string Level = "level";

    /// <summary>One <see cref="LeafCode"/> per tree node in preorder.</summary>
    public const string Nodes = "nodes";

    /// <summary>One prefix length per region.</summary>
    public const string Prefixes = "prefixes";

    /// <summary>The number of single terms of each region of a leaf that has some.</summary>
    public const string ExtraCounts = "extra-counts";

    /// <summary>The index of each single term in its cell, channel·P + frequency.</summary>
    public const string Extras = "extras";

    /// <summary>The angles and the offset of each cut, [cuts, d].</summary>
    public const string Cuts = "cuts";

    /// <summary>The curvature of each curved cut, in the order of the leaves; absent where there is none.</summary>
    public const string Curvatures = "curvatures";

    /// <summary>The coefficients, region after region.</summary>
    public const string Coefficients = "coefficients";

    /// <summary>The layout of a shape: every stored number is in it.</summary>
    public static ParameterLayout Layout(PiecewiseShape shape) => new(
    [
        new ParameterSpec(Level, [shape.Channels], ParameterRole.Coefficient),
        new ParameterSpec(Nodes, [shape.Nodes], ParameterRole.Structure, isTrainable: false),
        new ParameterSpec(Prefixes, [shape.Prefixes], ParameterRole.Structure, isTrainable: false),
        new ParameterSpec(ExtraCounts, [shape.ExtraCounts], ParameterRole.Structure, isTrainable: false),
        new ParameterSpec(Extras, [shape.Extras], ParameterRole.Structure, isTrainable: false),
        // A hard cut has no gradient almost everywhere: only a soft one can be trained.
        new ParameterSpec(Cuts, [shape.Cuts, shape.Grid.Length], ParameterRole.Indicator, isTrainable: shape.IndicatorWidth > 0),
        new ParameterSpec(Coefficients, [shape.Coefficients], ParameterRole.Coefficient),
        .. shape.Curvatures > 0 ? [new ParameterSpec(Curvatures, [shape.Curvatures], ParameterRole.Indicator, isTrainable: shape.IndicatorWidth > 0)] : Array.Empty<ParameterSpec>(),
    ]);
}
