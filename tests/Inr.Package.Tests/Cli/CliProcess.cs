using System.Diagnostics;

namespace Inr.Package.Tests.Cli;

/// <summary>Runs the built command as a user does: in a process and a folder of their own.</summary>
public sealed class CliProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly TimeSpan _limit;

    /// <param name="folder">The current folder of the processes.</param>
    /// <param name="limit">How long a process may take; three minutes by default.</param>
    public CliProcess(string folder, TimeSpan? limit = null)
    {
        _folder = folder;
        _limit = limit ?? Limit;
    }

    /// <summary>Where the built command is: artifacts/bin/PROJECT/CONFIGURATION, beside this assembly's own folder.</summary>
    public static string CommandFolder
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(own.Parent!.Parent!.FullName, "Inr.Cli", own.Name);
        }
    }

    /// <summary>Runs <c>inr</c>.</summary>
    public CliResult Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process, _limit);
    }

    /// <summary>Starts <c>inr</c> and does not wait.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(CommandPath());
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end.</summary>
    public static CliResult Finish(Process process, TimeSpan? limit = null)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(limit ?? Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The process did not end within {limit ?? Limit}.");
        }

        return new CliResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string CommandPath()
    {
        string path = Path.Combine(CommandFolder, "inr.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"'{path}' is missing; build samples/Inr.Cli first.");
    }
}
