using System.CommandLine;
using System.Text;
using Inr.Cli.Output;
using Inr.Cli.Runtime;

namespace Inr.Cli.Commands;

/// <summary>The <c>inr</c> command: reads the command line, runs a verb, and turns any failure into one line and an exit code.</summary>
internal static class Shell
{
    private static readonly Verb[] Verbs =
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

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        Console.OutputEncoding = Encoding.UTF8;
        try
        {
            return RunVerb(args);
        }
        catch (Exception failure)
        {
            if (Environment.GetEnvironmentVariable(FailureLine.TraceVariable) == "1")
                Console.Error.WriteLine(failure);
            Console.Error.WriteLine($"inr: {FailureLine.Of(failure)}");
            return (failure as CliException)?.ExitCode ?? ExitCodes.Failed;
        }
    }

    private static int RunVerb(string[] args)
    {
        using var interrupt = new Interrupt();
        var parsed = Describe(interrupt.Token).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            string verb = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            throw CliException.BadUsage($"{parsed.Errors[0].Message} See 'inr {verb}--help'.");
        }

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Describe(CancellationToken cancellation)
    {
        var demo = new DemoVerb();
        var root = new RootCommand(
            "Fits signals with implicit neural representations. Without a verb: the demo, which fits the shipped photo with each main target function and shipped emoji with a trained meta-learner.");
        CommonOptions.AddTo(root);
        root.Options.Add(DemoVerb.Only);
        root.SetAction(arguments => demo.Execute(arguments, cancellation));
        foreach (var verb in Verbs)
            root.Subcommands.Add(verb.Describe(cancellation));
        return root;
    }
}
