using System.Diagnostics;

namespace Inr.Package.Tests.Cli;

/// <summary>Runs the built command as a user does: in a process and a folder of their own.</summary>
public sealed class CliProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly TimeSpan _limit;
    private readonly string _path;

    private CliProcess(string folder, TimeSpan? limit, string path)
    {
        _folder = folder;
        _limit = limit ?? Limit;
        _path = path;
        if (!File.Exists(_path))
            throw new FileNotFoundException($"'{_path}' is missing; build its project first.");
    }

    /// <summary>Where the built command <c>inr</c> is.</summary>
    public static string CommandFolder => FolderOf("Inr.Cli");

    /// <summary>The command <c>inr</c>.</summary>
    /// <param name="folder">The current folder of the processes.</param>
    /// <param name="limit">How long a process may take; three minutes by default.</param>
    public static CliProcess Inr(string folder, TimeSpan? limit = null) => new(folder, limit, Path.Combine(CommandFolder, "inr.dll"));

    /// <summary>A copy of the command <c>inr</c> that lies elsewhere.</summary>
    /// <param name="folder">The current folder of the processes.</param>
    /// <param name="application">The folder of the copy.</param>
    public static CliProcess Copy(string folder, string application) => new(folder, null, Path.Combine(application, "inr.dll"));

    /// <summary>The studies of <c>benchmarks/Inr.Studies</c>.</summary>
    /// <param name="folder">The current folder of the processes.</param>
    /// <param name="limit">How long a process may take; three minutes by default.</param>
    public static CliProcess Studies(string folder, TimeSpan? limit = null) => new(folder, limit, Path.Combine(FolderOf("Inr.Studies"), "Inr.Studies.dll"));

    // artifacts/bin/PROJECT/CONFIGURATION, beside this assembly's own folder.
    private static string FolderOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name);
    }

    /// <summary>Runs the command.</summary>
    public CliResult Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process, _limit);
    }

    /// <summary>Starts the command and does not wait.</summary>
    public Process Start(params string[] arguments) => Start([Host, _path, .. arguments], _folder);

    /// <summary>Runs the command with one more variable in its environment.</summary>
    public CliResult RunWith(string variable, string value, params string[] arguments)
    {
        using var process = Start([Host, _path, .. arguments], _folder, (variable, value));
        return Finish(process, _limit);
    }

    /// <summary>Runs the command with several more variables in its environment.</summary>
    public CliResult RunWith((string Name, string Value)[] variables, params string[] arguments)
    {
        using var process = Start([Host, _path, .. arguments], _folder, variables);
        return Finish(process, _limit);
    }

    /// <summary>Starts the command as a terminal does: with Ctrl-C not ignored.</summary>
    /// <remarks>A shell that runs its script in the background hands SIGINT to every descendant as ignored, which only <c>env</c> undoes.</remarks>
    public Process StartInterruptible(params string[] arguments) =>
        Start(InterruptIsIgnored() ? ["env", "--default-signal=INT", Host, _path, .. arguments] : [Host, _path, .. arguments], _folder);

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

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static Process Start(string[] command, string folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in command.AsSpan(1))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    // Linux shows the signals that a process ignores as a mask, where SIGINT (2) is bit 1.
    private static bool InterruptIsIgnored()
    {
        const string Status = "/proc/self/status", Ignored = "SigIgn:";
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } mask
            && (Convert.ToUInt64(mask[Ignored.Length..].Trim(), 16) & 0b10) != 0;
    }
}
