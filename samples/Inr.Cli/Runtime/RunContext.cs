using System.CommandLine;
using Inr.Cli.Output;
using Inr.Files;

namespace Inr.Cli.Runtime;

/// <summary>What every verb needs: where to run, with which seed, what to print to, when to stop.</summary>
internal sealed class RunContext
{
    private RunContext(InrDevice device, string deviceName, int threads, long seed, Terminal terminal, JsonOutput json, CancellationToken cancellation)
    {
        Device = device;
        DeviceName = deviceName;
        Threads = threads;
        Seed = seed;
        Terminal = terminal;
        Json = json;
        Cancellation = cancellation;
    }

    /// <summary>Where the work runs.</summary>
    public InrDevice Device { get; }

    /// <summary>The device that was found, as reports name it: <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string DeviceName { get; }

    /// <summary>Threads of one tensor operation.</summary>
    public int Threads { get; }

    /// <summary>The seed of every random choice.</summary>
    public long Seed { get; }

    /// <summary>Where people read.</summary>
    public Terminal Terminal { get; }

    /// <summary>Where programs read.</summary>
    public JsonOutput Json { get; }

    /// <summary>Ends the work: Ctrl-C.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Whether the work runs on the processor.</summary>
    public bool OnCpu => DeviceName == "cpu";

    /// <summary>Checks the common options, loads libtorch and sets its threads.</summary>
    public static RunContext Create(ParseResult arguments, Streams streams, CancellationToken cancellation)
    {
        int threads = arguments.GetValue(CommonOptions.Threads) ?? Processors.Cores();
        Require.AtLeast("--threads", threads, 1);
        string? json = arguments.GetValue(CommonOptions.Json);
        if (json != JsonOutput.Standard)
            OutputFile.Check("--json", json, FileKind.Json);
        var device = InrDevice.Parse(arguments.GetValue(CommonOptions.Device)!);
        string name = device.Resolve().ToString();
        TorchRuntime.Threads = threads;
        // A command ends soon and has the process to itself.
        TorchRuntime.KeepFreedMemory();
        // Who reads the standard output as JSON finds nothing else there.
        var terminal = json == JsonOutput.Standard ? Terminal.Plain(streams.Error) : streams.CreateTerminal();
        return new RunContext(device, name, threads, arguments.GetValue(CommonOptions.Seed), terminal, new JsonOutput(json, streams.Output), cancellation);
    }
}
