namespace Inr.Parameterizations;

/// <summary>One layer of a perceptron: <c>h' = φ(ω·(W·h + b))</c>, or <c>W·h + b</c> for the output layer.</summary>
/// <param name="Index">Its position, from 0; its tensors are <c>Index.weight</c> and <c>Index.bias</c>.</param>
/// <param name="Inputs">The width of h.</param>
/// <param name="Outputs">The width of h'.</param>
/// <param name="Activation">φ and ω; null for the output layer.</param>
public sealed record DenseLayer(int Index, int Inputs, int Outputs, ScaledActivation? Activation);
