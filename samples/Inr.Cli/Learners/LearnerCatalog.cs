using Inr.Cli.Runtime;
using Inr.Meta;

namespace Inr.Cli.Learners;

/// <summary>The meta-learners that the command line knows. A new one is one row.</summary>
internal static class LearnerCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<LearnerEntry> All { get; } =
    [
        new("maml", "a learned initialization, differentiated exactly", (b, n) => b.UseMaml(Inner(n))),
        new("fomaml", "the same, to first order", (b, n) => b.UseFirstOrderMaml(Inner(n))),
        new("anil", "only the last layer adapts", (b, n) => b.UseAnil(Inner(n))),
        new("meta-sgd", "initialization and a step size per parameter", (b, n) => b.UseMetaSgd(Inner(n))),
        new("metasdf", "a step size per parameter and step", (b, n) => b.UseMetaSdf(Inner(n))),
        new("reptile", "an initialization moved towards what it adapts to", (b, n) => b.UseReptile(Inner(n))),
        new("modulation", "a latent that shifts every hidden layer of a shared network", (b, n) => b.UseModulation(Inner(n))),
        new("gradncp", "sixteen inner steps on the samples that matter most", (b, n) => b.UseGradientMeta(GradientMethods.GradNcp(), Inner(n))),
        new("transformer", "a hypernetwork: parameters in one forward pass", (b, _) => b.UseTransformer(), HasInnerSteps: false, Patch: new TransformerOptions().PatchSize),
        new(LinearGaussianLearner.Kind, "mean and principal components, in closed form, with error bars", (b, _) => b.UseLinearGaussian(), HasInnerSteps: false, IsClosedForm: true),
    ];

    /// <summary>The names, separated by commas.</summary>
    public static string Names => string.Join(", ", All.Select(entry => entry.Name));

    /// <summary>The meta-learner of a name.</summary>
    /// <exception cref="CliException">There is none; the message lists the known ones.</exception>
    public static LearnerEntry Find(string name) =>
        Runtime.Names.Find("meta-learner", name, All, entry => entry.Name);

    private static Func<GradientMetaOptions, GradientMetaOptions>? Inner(int? steps) => steps is { } n ? o => o with { InnerSteps = n } : null;
}
