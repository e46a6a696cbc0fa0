namespace Inr.Testing;

/// <summary>Large fixtures and data that are not part of the repository. Tests that need them skip where they are missing.</summary>
public static class SharedData
{
    /// <summary>The root of the repository.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder of shared data beside the repository, or null where there is none.</summary>
    public static string? Root { get; } = Directory.Exists(Path.Combine(RepositoryRoot, "..", "shared", "fixtures"))
        ? Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared"))
        : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inr.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Inr.sln was not found above the test output.");
    }
}
