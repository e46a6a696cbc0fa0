using Xunit;

namespace Inr.Testing;

/// <summary>A theory that needs data beside the repository; it is reported as skipped where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute.</summary>
    /// <param name="path">The file or folder below the shared folder.</param>
    public SharedDataTheoryAttribute(string path)
    {
        if (SharedData.Root is null || !Path.Exists(Path.Combine(SharedData.Root, path)))
            Skip = $"needs ../shared/{path}, which is not part of the repository";
    }
}
