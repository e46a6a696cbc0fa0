using System.Diagnostics;

namespace Inr.Tests.Torch;

/// <summary>
/// Starts this assembly as a program of its own. Its Main does nothing, but the module initializer loads the native
/// libraries first, so the exit code tells whether a fresh process can.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildProcess(params (string Name, string Value)[] environment)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [typeof(ChildProcess).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public (int ExitCode, string Errors) Wait()
    {
        string errors = _errors.GetAwaiter().GetResult();
        _process.WaitForExit();
        return (_process.ExitCode, errors);
    }

    public void Dispose() => _process.Dispose();
}
