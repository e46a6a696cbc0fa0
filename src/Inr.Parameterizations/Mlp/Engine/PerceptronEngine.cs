using System.Runtime.Intrinsics;
using Inr.Parameterizations.Engine;

namespace Inr.Parameterizations;

/// <summary>The engine that computes perceptrons on the processor: encoding, layers, loss and gradient of some points in one pass that stays in cache.</summary>
/// <remarks>
/// It is chosen by itself for a <see cref="Perceptron"/> in float32 on the CPU whose encoding and activations are the built-in ones, wherever no
/// autograd graph is asked for: renders, fits of the squared error, test-time steps and first-order inner loops. Everything else goes
/// through libtorch. The two round differently. It uses <see cref="TorchRuntime.Threads"/> threads of its own, and any number of them gives the same bits.
/// <c>docs/performance.md</c> has measurements.
/// </remarks>
public static class PerceptronEngine
{
    /// <summary>The environment variable that turns the engine off where it is <c>0</c> at the start.</summary>
    public const string Variable = "INR_ENGINE";

    private static volatile bool _isEnabled = Environment.GetEnvironmentVariable(Variable)?.Trim() != "0";

    /// <summary>Whether it may be chosen, in the whole process; otherwise libtorch computes everything.</summary>
    /// <value>The default is true, unless the variable <see cref="Variable"/> is <c>0</c>.</value>
    public static bool IsEnabled
    {
        get => _isEnabled;
        set => _isEnabled = value;
    }

    /// <summary>Whether it computes a target: a <see cref="Perceptron"/> of built-in parts, while <see cref="IsEnabled"/> says so.</summary>
    public static bool Computes(ITargetFunction target) => target is Perceptron { HasEngine: true };

    /// <summary>Its name with the vectors that it uses here, such as <c>fused (AVX-512)</c>: what a <see cref="FitResult"/> says.</summary>
    public static string Name { get; } = $"fused ({(Vector512.IsHardwareAccelerated ? Lanes512.Name : Vector256.IsHardwareAccelerated ? Lanes256.Name : Lanes128.Name)})";
}
