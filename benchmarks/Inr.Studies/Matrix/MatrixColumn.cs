namespace Inr.Studies.Matrix;

/// <summary>A way to get θ of a signal.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Title">The heading.</param>
internal sealed record MatrixColumn(string Name, string Title)
{
    /// <summary>Gradient descent from the target's own initialization.</summary>
    public static readonly MatrixColumn Scratch = new("scratch", "from scratch");

    /// <summary>A learned initialization.</summary>
    public static readonly MatrixColumn Maml = new("maml", "MAML");

    /// <summary>The same, by displacement.</summary>
    public static readonly MatrixColumn Reptile = new("reptile", "Reptile");

    /// <summary>A latent that shifts the layers of a shared network.</summary>
    public static readonly MatrixColumn Modulation = new("modulation", "shift modulation");

    /// <summary>One forward pass of a hypernetwork.</summary>
    public static readonly MatrixColumn Transformer = new("transformer", "transformer");

    /// <summary>And gradient steps from there.</summary>
    public static readonly MatrixColumn TransformerSteps = new("transformer-steps", "transformer + test-time steps");

    /// <summary>The hypernetwork with the linear parameters solved inside its forward pass.</summary>
    public static readonly MatrixColumn TransformerSolved = new("transformer-solved", "transformer, linear part solved");

    /// <summary>No steps at all.</summary>
    public static readonly MatrixColumn ClosedForm = new("closed-form", "closed form");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MatrixColumn> All { get; } = [Scratch, Maml, Reptile, Modulation, Transformer, TransformerSteps, TransformerSolved, ClosedForm];

    /// <summary>Whether the way needs training before it can fit.</summary>
    public bool Learns => this != Scratch && this != ClosedForm;
}
