namespace Inr.Meta;

/// <summary>Published members of the gradient-based family, each as a choice on its axes.</summary>
/// <remarks>
/// All minimize E_task L_query(θ_K), where φ_0 is learned and φ_{k+1} = φ_k − α ∘ direction(∇L_context(φ_k)).
/// <code>
///                what adapts       step sizes             outer gradient
/// Maml           all               fixed                  exact
/// Anil           last layer        fixed                  exact
/// Reptile        all               fixed                  displacement
/// </code>
/// A method returns fresh options; change any axis afterwards.
/// </remarks>
public static class GradientMethods
{
    /// <summary>MAML: a learned initialization, differentiated exactly.</summary>
    /// <remarks>
    /// Finn, Abbeel, Levine: Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks, ICML 2017. Defaults (two
    /// inner SGD steps of 1e-2) of Tancik et al.: Learned Initializations for Optimizing Coordinate-Based Neural
    /// Representations, CVPR 2021, whose outer rate is 1e-5 for 150,000 steps; 1e-4 suits shorter runs.
    /// </remarks>
    public static GradientMetaOptions Maml() => new();

    /// <summary>First-order MAML: the inner gradients count as constants.</summary>
    /// <remarks>Finn et al. 2017, section 5.2; Nichol, Achiam, Schulman: On First-Order Meta-Learning Algorithms, 2018.</remarks>
    public static GradientMetaOptions FirstOrderMaml() => new() { OuterGradient = OuterGradient.FirstOrder };

    /// <summary>ANIL: only the last layer adapts; the layers before it are shared.</summary>
    /// <remarks>
    /// Raghu, Raghu, Bengio, Vinyals: Rapid Learning or Feature Reuse?, ICLR 2020. The inner loss is quadratic in the last
    /// layer: with m features of mean square ½ and c channels, steps above about 2c/m diverge.
    /// </remarks>
    public static GradientMetaOptions Anil() => new() { Adapt = AdaptedPart.LastLayers, InnerSteps = 5 };

    /// <summary>Meta-SGD: MAML that learns a step size for every parameter.</summary>
    /// <remarks>
    /// Li, Zhou, Chen, Li: Meta-SGD: Learning to Learn Quickly for Few-Shot Learning, 2017. Sizes start from one number
    /// rather than random ones.
    /// </remarks>
    public static GradientMetaOptions MetaSgd() => new() { StepSizeRule = StepSizeRule.PerElement };

    /// <summary>MetaSDF: step sizes for every parameter and every inner step.</summary>
    /// <remarks>
    /// Sitzmann, Chan, Tucker, Snavely, Wetzstein: MetaSDF, NeurIPS 2020. Deviation: the inner loss is the mean squared
    /// error here, not the paper's sign and distance losses.
    /// </remarks>
    public static GradientMetaOptions MetaSdf() => new()
    {
        StepSizeRule = StepSizeRule.PerElement,
        StepSizePerStep = true,
        StepSize = 5e-3,
        InnerSteps = 3,
    };

    /// <summary>Reptile: moves the initialization towards the adapted parameters; no derivative through the inner loop.</summary>
    /// <remarks>
    /// Nichol, Achiam, Schulman 2018. As in Tancik et al. 2021 the mean displacement goes through the outer Adam; for the
    /// published plain step train with <see cref="MetaTrainingOptions.Rule"/> = <c>new SgdRule()</c> and a rate of 1 or less.
    /// </remarks>
    public static GradientMetaOptions Reptile() => new() { OuterGradient = OuterGradient.Displacement, InnerSteps = 16 };

    /// <summary>CAVIA: a context vector enters the first layer and adapts alone.</summary>
    /// <remarks>
    /// Zintgraf, Shiarlis, Kurin, Hofmann, Whiteson: Fast Context Adaptation via Meta-Learning, ICML 2019. Concatenating
    /// the vector to the input is the same as shifting the first layer by a linear map of it, which is how it is written here.
    /// </remarks>
    /// <param name="size">The length of the vector.</param>
    public static GradientMetaOptions Cavia(int size = 64) => new()
    {
        Adapt = AdaptedPart.Latent,
        LatentSize = size,
        ModulatedLayers = [0],
    };

    /// <summary>functa: a latent shifts every hidden layer through a linear map; learned step sizes.</summary>
    /// <remarks>
    /// Dupont, Kim, Eslami, Rezende, Rosenbaum: From data to functa, ICML 2022: three inner steps from a latent of
    /// zeros, sizes per element drawn from U(0.005, 0.1) and kept in [0,1]. Its outer rate is 3e-6 for 500,000 steps of a
    /// network of 15 × 512; 1e-4 suits smaller and shorter runs.
    /// </remarks>
    /// <param name="latentSize">The length of the latent.</param>
    public static GradientMetaOptions Functa(int latentSize = 256) => new()
    {
        Adapt = AdaptedPart.Latent,
        LatentSize = latentSize,
        InnerSteps = 3,
        StepSizeRule = StepSizeRule.PerElement,
        StepSize = 0.005,
        StepSizeUpTo = 0.1,
        MinStepSize = 0,
        MaxStepSize = 1,
    };

    /// <summary>COIN++: a latent shifts every hidden layer through a linear map; one fixed step size.</summary>
    /// <remarks>
    /// Dupont, Loya, Alizadeh, Goliński, Teh, Doucet: COIN++: Neural Compression Across Modalities, TMLR 2022: three inner
    /// steps of 1e-2 on a loss that is summed over the channels; the mean is used here.
    /// </remarks>
    /// <param name="latentSize">The length of the latent.</param>
    public static GradientMetaOptions CoinPlusPlus(int latentSize = 256) => new()
    {
        Adapt = AdaptedPart.Latent,
        LatentSize = latentSize,
        InnerSteps = 3,
        StepSize = 1e-2,
    };

    /// <summary>GradNCP: long inner loops made affordable by keeping, in each step, the samples of largest gradient.</summary>
    /// <remarks>
    /// Tack, Kim, Yu, Shin, Lee: Learning Large-scale Neural Fields via Context Pruned Meta-Learning, NeurIPS 2023:
    /// sixteen inner steps on a quarter of the samples, ranked by the norm of the last layer's gradient. Deviation: the
    /// paper's bootstrapped target and the rescaling of gradients at test time are left out.
    /// </remarks>
    public static GradientMetaOptions GradNcp() => new()
    {
        InnerSteps = 16,
        Selection = ContextSelection.LargestGradient,
        SelectionShare = 0.25,
    };
}
