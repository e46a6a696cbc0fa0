namespace Inr.Parameterizations;

/// <summary>The activation of a layer: <c>φ(ω·(W·h + b))</c>.</summary>
/// <param name="Function">φ.</param>
/// <param name="Omega">ω, above 0.</param>
public sealed record ScaledActivation(Activation Function, double Omega)
{
    /// <summary>An activation with its default ω.</summary>
    public static implicit operator ScaledActivation(Activation function) => FromActivation(function);

    /// <summary>An activation with its default ω.</summary>
    public static ScaledActivation FromActivation(Activation function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(function, function.DefaultOmega);
    }
}
