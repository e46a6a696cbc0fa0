using System.CommandLine;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Parameterizations;

namespace Inr.Cli.Commands;

/// <summary><c>inr doctor</c>: what runs here, and what is wrong.</summary>
internal sealed class DoctorVerb : Verb
{
    /// <summary>Describes the verb.</summary>
    public DoctorVerb()
        : base("doctor", "Says what runs here (backend, libtorch, devices, threads, SIMD) and what is wrong.")
    {
    }

    /// <inheritdoc/>
    public override int Execute(ParseResult arguments, Streams streams, CancellationToken cancellation)
    {
        if (TorchRuntime.IsAvailable)
            return base.Execute(arguments, streams, cancellation);
        // Without libtorch there is no context to run in, and just then the report matters.
        var report = TorchRuntime.Describe();
        Print(report, streams.CreateTerminal());
        throw CliException.Failed(report.Problems[0]);
    }

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        var report = TorchRuntime.Describe();
        Print(report, context.Terminal);
        context.Terminal.WriteLine($"{"perceptrons",-16}{Engine}");
        context.Terminal.WriteLine($"{"targets",-16}{TargetCatalog.Names}");
        context.Json.WriteObject(DoctorReport.Of(report, context));
        return ExitCodes.Done;
    }

    private static string Engine => PerceptronEngine.IsEnabled
        ? $"{PerceptronEngine.Name} in float32 on the CPU; {PerceptronEngine.Variable}=0 turns it off"
        : $"libtorch; {PerceptronEngine.Name} is off";

    private static void Print(RuntimeReport report, Terminal terminal)
    {
        foreach (string line in report.ToString().Split('\n'))
            terminal.WriteLine(line.TrimEnd());
    }
}
