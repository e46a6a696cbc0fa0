using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Inr.Parameterizations;

/// <summary>Makes the radiance field known to files.</summary>
internal static class NerfRegistration
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Files name targets by kind; the package that brings a kind registers it when it starts.")]
    internal static void Register() => TargetRegistry.Register(NerfMlp.Kind, NerfMlp.FromOptions);
}
