using System.Reflection;
using System.Runtime.CompilerServices;

namespace Inr;

/// <summary>Starts assemblies that register their kinds in a module initializer, where they are part of the app.</summary>
/// <remarks>A registry that files name kinds of asks for its known assemblies before it says that a kind is unknown.</remarks>
public static class RegisteringAssembly
{
    /// <summary>Loads an assembly by its simple name and runs its module initializers, which run once in a process.</summary>
    /// <param name="name">Its simple name, such as <c>Inr.Parameterizations</c>.</param>
    /// <returns>Whether it is there; an app that does not bring it is no error.</returns>
    public static bool Start(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        try
        {
            RuntimeHelpers.RunModuleConstructor(Assembly.Load(name).ManifestModule.ModuleHandle);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return false;
        }
    }
}
