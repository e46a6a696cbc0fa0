using System.Collections.Concurrent;

namespace Inr.Parameterizations;

/// <summary>One row of the table of activations: what a dense layer does to its affine map, and how its numbers are first drawn.</summary>
/// <remarks>
/// A layer computes <c>h' = φ(u)</c> of <c>u = ω·(W·h + b)</c>. The layer multiplies ω into W and b, which are far fewer
/// numbers than u. An application adds a row by <see cref="Register"/>; files of <see cref="DensePerceptron"/> name rows.
/// </remarks>
public sealed class Activation
{
    private static readonly ConcurrentDictionary<string, Activation> Rows = new(StringComparer.Ordinal);

    private readonly Func<Tensor, double, Tensor> _apply;

    /// <summary>Creates a row; <see cref="Register"/> makes it known to files.</summary>
    /// <param name="name">Lower-case words joined by hyphens.</param>
    /// <param name="formula">φ(u), for people: <c>sin u</c>.</param>
    /// <param name="apply">φ of u and ω, elementwise and differentiable; most φ ignore ω, which is in u already.</param>
    /// <param name="initialization">How the numbers of its layers are drawn.</param>
    public Activation(string name, string formula, Func<Tensor, double, Tensor> apply, DenseInitialization initialization)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(formula);
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentNullException.ThrowIfNull(initialization);
        Name = name;
        Formula = formula;
        _apply = apply;
        Initialization = initialization;
    }

    /// <summary>max(u, 0).</summary>
    public static Activation Relu { get; } = Row(new("relu", "max(u, 0)", (u, _) => u.relu(), DenseInitialization.FanIn));

    /// <summary>sin u. Sitzmann et al.: Implicit Neural Representations with Periodic Activation Functions (SIREN), NeurIPS 2020.</summary>
    public static Activation Sine { get; } = Row(new("sine", "sin u", (u, _) => u.sin(), DenseInitialization.Siren) { DefaultOmega = 30, LearningRate = 5e-4 });

    /// <summary>sin((|z| + 1)·ωz) with z = u/ω. Liu et al.: FINER, CVPR 2024. Unlike the official code, |z| is differentiated too.</summary>
    public static Activation Finer { get; } = Row(new("finer", "sin((|u|/ω + 1)·u)", (u, omega) => (u * (u.abs() / omega + 1)).sin(), DenseInitialization.Siren) { DefaultOmega = 30, LearningRate = 5e-4 });

    /// <summary>exp(−u²). Ramasinghe and Lucey: Beyond Periodicity, ECCV 2022.</summary>
    public static Activation Gauss { get; } = Row(new("gauss", "exp(−u²)", (u, _) => u.square().neg().exp(), DenseInitialization.FanIn) { DefaultOmega = 30, LearningRate = 5e-3 });

    /// <summary>tanh u. Drawn as Glorot and Bengio: Understanding the Difficulty of Training Deep Feedforward Neural Networks, AISTATS 2010.</summary>
    public static Activation Tanh { get; } = Row(new("tanh", "tanh u", (u, _) => u.tanh(), DenseInitialization.Glorot));

    /// <summary>u·Φ(u), Φ the distribution function of N(0,1). Hendrycks and Gimpel: Gaussian Error Linear Units, 2016.</summary>
    public static Activation Gelu { get; } = Row(new("gelu", "u·Φ(u)", (u, _) => nn.functional.gelu(u), DenseInitialization.FanIn));

    /// <summary>The names of the rows, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names => [.. Rows.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The name in files.</summary>
    public string Name { get; }

    /// <summary>φ(u), for people.</summary>
    public string Formula { get; }

    /// <summary>How the numbers of its layers are drawn where nobody asks for something else.</summary>
    public DenseInitialization Initialization { get; }

    /// <summary>ω where nobody chose one.</summary>
    /// <value>The default is 1.</value>
    public double DefaultOmega { get; init; } = 1;

    /// <summary>The learning rate of Adam to start from.</summary>
    /// <value>The default is 1e-3.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Makes an activation known to files; a second one of the same name replaces the first.</summary>
    public static void Register(Activation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        Rows[activation.Name] = activation;
    }

    /// <summary>The activation of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the known ones.</exception>
    public static Activation Find(string name) => Rows.TryGetValue(name, out var row)
        ? row
        : throw new ArgumentException($"The activation '{name}' is not known here; known are {string.Join(", ", Names)}. Register it with Activation.Register first.", nameof(name));

    /// <summary>The activation with an ω.</summary>
    public ScaledActivation At(double omega) => new(this, omega);

    /// <summary>φ(u).</summary>
    /// <param name="u">ω·(W·h + b), of any shape.</param>
    /// <param name="omega">ω.</param>
    /// <returns>The shape of u; the caller's dispose scope owns what is made on the way.</returns>
    public Tensor Apply(Tensor u, double omega) => _apply(u, omega);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Formula}";

    private static Activation Row(Activation row) => Rows[row.Name] = row;
}
