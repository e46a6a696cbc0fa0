namespace Inr.Package.Tests.Cli;

/// <summary>A folder with small signals, good and bad ones, and a fitted representation.</summary>
public sealed class CliFixture : IDisposable
{
    /// <summary>Prepares the folder.</summary>
    public CliFixture()
    {
        Folder = Directory.CreateTempSubdirectory("inr-cli-").FullName;
        Inr = CliProcess.Inr(Folder);
        Studies = CliProcess.Studies(Folder);
        CliFiles.Prepare(Folder, Inr.Run);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Runs the command in the folder.</summary>
    public CliProcess Inr { get; }

    /// <summary>Runs studies in the folder.</summary>
    public CliProcess Studies { get; }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
