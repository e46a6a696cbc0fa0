namespace Inr.Parameterizations.Engine;

/// <summary>A dense layer as the engine lays it out; all places are counted in floats.</summary>
internal sealed record LayerPlan
{
    /// <summary>Its inputs as panels hold them, gaps included.</summary>
    public required int Inputs { get; init; }

    /// <summary>Its outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>The column of the weight for each input, −1 for a gap; null where they are the same.</summary>
    public required int[]? Columns { get; init; }

    /// <summary>The columns of the weight.</summary>
    public required int ColumnCount { get; init; }

    /// <summary>φ; of a hidden layer.</summary>
    public required ActivationKind Kind { get; init; }

    /// <summary>ω.</summary>
    public required float Omega { get; init; }

    /// <summary>Whether it is the output layer.</summary>
    public required bool IsLast { get; init; }

    /// <summary>Whether its inputs are a few coordinates, so that its gradient is laid out by input.</summary>
    public required bool IsNarrow { get; init; }

    /// <summary>Where ω·Wᵀ lies among the packed weights, shape [output panels][inputs][32]; of a hidden layer.</summary>
    public required nint Forward { get; init; }

    /// <summary>Where W lies, shape [input panels][rows][32]; of the output layer and of hidden ones after the first.</summary>
    public required nint Natural { get; init; }

    /// <summary>Where ω·b lies.</summary>
    public required nint Bias { get; init; }

    /// <summary>Where the gradient in W lies: shape [input panels][rows][32], or [inputs][output panels][32] of a narrow layer.</summary>
    public required nint Gradient { get; init; }

    /// <summary>Where the gradient in b lies.</summary>
    public required nint BiasGradient { get; init; }

    public int InputPanels => NetworkPlan.Panels(Inputs);

    public int OutputPanels => NetworkPlan.Panels(Outputs);

    /// <summary>The outputs, rounded up to a block.</summary>
    public int Rows => NetworkPlan.RoundUp(Outputs, 4);
}
