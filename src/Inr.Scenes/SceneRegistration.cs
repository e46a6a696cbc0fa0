using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Inr.Scenes;

/// <summary>Makes the radiance field and the view synthesizer known to files.</summary>
internal static class SceneRegistration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Files name targets and learners by kind; the package that brings a kind registers it when it starts.")]
    internal static void Register()
    {
        TargetRegistry.Register(NerfMlp.Kind, NerfMlp.FromOptions);
        MetaLearnerRegistry.Register(ViewSynthesizer.Kind, ViewSynthesizer.Plan);
    }
}
