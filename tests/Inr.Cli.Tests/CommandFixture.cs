using Inr.Cli.Commands;
using Inr.Cli.Runtime;
using Inr.Package.Tests.Cli;

namespace Inr.Cli.Tests;

/// <summary>A folder with small signals, in which the command runs within the test's own process: milliseconds instead of a second.</summary>
public sealed class CommandFixture : IDisposable
{
    private readonly string _before = Environment.CurrentDirectory;

    /// <summary>Prepares the folder and makes it the current one.</summary>
    public CommandFixture()
    {
        Folder = Directory.CreateTempSubdirectory("inr-command-").FullName;
        Environment.CurrentDirectory = Folder;
        CliFiles.Prepare(Folder, Run);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Runs the command in the folder.</summary>
    public CliResult Run(params string[] arguments) => Run(default, arguments);

    /// <summary>Runs the command in the folder until it is cancelled.</summary>
    public CliResult Run(CancellationToken cancellation, params string[] arguments)
    {
        Environment.CurrentDirectory = Folder;
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = Shell.Run(arguments, new Streams(output, error), cancellation);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(Folder, recursive: true);
    }
}
