using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Inr.Meta;

/// <summary>Makes the transformer known to files.</summary>
internal static class TransformerRegistration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Files name learners by kind; the package that brings a kind registers it when it starts.")]
    internal static void Register() => MetaLearnerRegistry.Register(TransformerMetaLearner.Kind, TransformerMetaLearner.Plan);
}
