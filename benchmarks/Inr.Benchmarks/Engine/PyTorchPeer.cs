using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Engine;

/// <summary>PyTorch in a process beside this one, where a Python has it: <c>benchmarks/pytorch-peer.py</c>.</summary>
internal sealed class PyTorchPeer : IDisposable
{
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3", "python"];

    private readonly Process _process;

    private PyTorchPeer(Process process, string version)
    {
        _process = process;
        Version = version;
    }

    /// <summary>The version of PyTorch.</summary>
    public string Version { get; }

    /// <summary>The first Python that has PyTorch; null where none does.</summary>
    public static PyTorchPeer? TryStart()
    {
        string script = Path.Combine("benchmarks", "pytorch-peer.py");
        foreach (string python in Pythons)
        {
            if (Ask(python, "-c", "import torch; print(torch.__version__)") is { } version && Launch(python, script) is { } process)
                return new PyTorchPeer(process, version);
        }

        return null;
    }

    /// <summary>The milliseconds of one execution of a row; NaN where the peer fails.</summary>
    public double Measure(EngineRow row, int threads, bool cpu)
    {
        var network = row.Network;
        var request = new
        {
            op = row.Work switch { EngineWorkKind.Step => "step", EngineWorkKind.Render => "render", _ => "functions" },
            kind = network.Hidden.Function.Name,
            widths = network.Layers.Select(l => l.Inputs).Append(network.OutputDimension),
            omega = network.Hidden.Omega,
            encoding = network.Encoding.Name,
            samples = row.Shape.Height * row.Shape.Width,
            batch = row.Batch,
            functions = row.Functions,
            threads,
            cpu,
        };
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
        _process.StandardInput.Flush();
        return double.TryParse(_process.StandardOutput.ReadLine(), NumberStyles.Float, CultureInfo.InvariantCulture, out double ms) ? ms : double.NaN;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(5_000);
        _process.Dispose();
    }

    private static string? Ask(string python, params string[] arguments)
    {
        using var process = Launch(python, arguments);
        if (process is null)
            return null;
        string answer = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? answer : null;
    }

    private static Process? Launch(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
