using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Families;

/// <summary>The meta-learners in their benchmark sizes: pictures of 64×64, gradient learners on a SIREN 2-64×3-3, the transformer on the perceptron of its faces.</summary>
internal static class BenchLearner
{
    /// <summary>The side of the pictures.</summary>
    public const int Side = 64;

    /// <summary>The length of a latent.</summary>
    public const int Latent = 128;

    /// <summary>Heads, patch and target of the transformer.</summary>
    public static readonly TransformerOptions Transformer = new();

    private static readonly SirenOptions Siren = new() { Width = 64, HiddenLayers = 2, OutputOffset = 0.5 };

    /// <summary>The perceptron whose parameters the transformer writes.</summary>
    public static readonly ReluMlpOptions Generated = new() { Depth = 4, Width = 128, EncodingSize = 64, MaxFrequency = 32, OutputOffset = 0.5 };

    /// <summary>The options of a gradient-based learner.</summary>
    public static GradientMetaOptions Gradient(string name) => name switch
    {
        "maml" => GradientMethods.Maml(),
        "fomaml" => GradientMethods.FirstOrderMaml(),
        "reptile" => GradientMethods.Reptile(),
        "modulation" => GradientMethods.Functa(Latent),
        _ => throw new ArgumentException($"There is no benchmark of '{name}'.", nameof(name)),
    };

    /// <summary>Creates a learner, untrained: the times do not depend on its weights.</summary>
    public static IMetaLearner Create(string name) => name == "transformer"
        ? new TransformerMetaLearner(new ReluMlp(2, 3, Generated), Side, Transformer)
        : new GradientMetaLearner(new Siren(2, 3, Siren), Gradient(name));

    /// <summary>θ to start the hand-written gradient learners from.</summary>
    public static ParameterSet InitialSiren() => new Siren(2, 3, Siren).Initialize();
}
