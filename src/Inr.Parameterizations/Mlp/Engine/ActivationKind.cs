namespace Inr.Parameterizations.Engine;

/// <summary>The activations that the engine has kernels of.</summary>
internal enum ActivationKind
{
    Relu,
    Sine,
    Finer,
    Gauss,
    Tanh,
    Gelu,
}
