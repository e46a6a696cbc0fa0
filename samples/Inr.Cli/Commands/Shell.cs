using System.CommandLine;
using System.Text;
using Inr.Cli.Runtime;

namespace Inr.Cli.Commands;

/// <summary>The <c>inr</c> command: reads the command line, runs a verb, and turns any failure into one line and an exit code.</summary>
internal static class Shell
{
    /// <summary>Runs a command line with the streams of the process; Ctrl-C ends the work.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        Console.OutputEncoding = Encoding.UTF8;
        using var interrupt = new Interrupt();
        return Run(args, Streams.OfProcess, interrupt.Token);
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words after the name of the command.</param>
    /// <param name="streams">Where it writes.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Streams streams, CancellationToken cancellation)
    {
        try
        {
            return RunVerb(args, streams, cancellation);
        }
        catch (Exception failure)
        {
            if (Environment.GetEnvironmentVariable(FailureLine.TraceVariable) == "1")
                streams.Error.WriteLine(failure);
            streams.Error.WriteLine($"inr: {FailureLine.Of(failure)}");
            return (failure as CliException)?.ExitCode ?? ExitCodes.Failed;
        }
    }

    /// <summary>The verbs in the order of the help page.</summary>
    public static IReadOnlyList<Verb> Verbs() =>
    [
        new DoctorVerb(),
        new FitVerb(),
        new RenderVerb(),
        new InfoVerb(),
        new CompareVerb(),
        new MetaTrainVerb(),
        new MetaEvalVerb(),
        new ImportVerb(),
    ];

    private static int RunVerb(string[] args, Streams streams, CancellationToken cancellation)
    {
        var parsed = Describe(streams, cancellation).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string verb = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            throw CliException.BadUsage($"{parsed.Errors[0].Message} See 'inr {verb}--help'.");
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = streams.Output, Error = streams.Error });
    }

    private static RootCommand Describe(Streams streams, CancellationToken cancellation)
    {
        var demo = new DemoVerb();
        var root = new RootCommand(
            "Fits signals with implicit neural representations. Without a verb: the demo, which fits the shipped photo with each main target function and shipped emoji with a trained meta-learner.");
        CommonOptions.AddTo(root);
        root.Options.Add(DemoVerb.Only);
        root.SetAction(arguments => demo.Execute(arguments, streams, cancellation));
        foreach (var verb in Verbs())
            root.Subcommands.Add(verb.Describe(streams, cancellation));
        return root;
    }
}
