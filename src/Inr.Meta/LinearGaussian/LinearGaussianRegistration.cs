using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Inr.Meta;

/// <summary>Makes the linear-Gaussian learner known to files.</summary>
internal static class LinearGaussianRegistration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Files name meta-learners by kind; the package that brings a kind registers it when it starts.")]
    internal static void Register() => MetaLearnerRegistry.Register(LinearGaussianLearner.Kind, LinearGaussianLearner.Plan);
}
