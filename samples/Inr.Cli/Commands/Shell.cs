using System.CommandLine;
using System.Text;
using Inr.Cli.Runtime;
using Inr.Files;

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
        new EncodeVerb(),
        new DecodeVerb(),
        new CompareVerb(),
        new MetaTrainVerb(),
        new MetaEvalVerb(),
        new ImportVerb(),
        new ExportVerb(),
    ];

    private static int RunVerb(string[] args, Streams streams, CancellationToken cancellation)
    {
        var parsed = Describe(streams, cancellation).Parse(args);
        if (Unknown(parsed, args) is { } unknown)
            throw CliException.BadUsage($"{unknown} See 'inr {Prefix(parsed)}--help'.");
        if (parsed.Errors.Count > 0)
            throw CliException.BadUsage($"{InputFile.OneLine(parsed.Errors[0].Message)} See 'inr {Prefix(parsed)}--help'.");

        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = streams.Output, Error = streams.Error });
    }

    private static string Prefix(ParseResult parsed) => parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";

    // The parser takes an option that it does not know for an argument, and then misses something else.
    private static string? Unknown(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        string[] options = [.. command.Options.Concat(parsed.RootCommandResult.Command.Options.Where(o => o.Recursive)).SelectMany(o => o.Aliases.Prepend(o.Name))];
        string? option = args.TakeWhile(word => word != "--").Where(word => word.StartsWith("--", StringComparison.Ordinal)).Select(word => word.Split('=', ':')[0])
            .FirstOrDefault(word => !options.Contains(word));
        if (option is not null)
            return $"There is no option {InputFile.Quote(option)}{(command is RootCommand ? "" : $" of {command.Name}")}.{Suggestion.DidYouMean(option, options)}";
        if (command is not RootCommand || parsed.UnmatchedTokens.Count == 0)
            return null;
        string[] verbs = [.. command.Subcommands.Select(c => c.Name)];
        return $"There is no verb {InputFile.Quote(parsed.UnmatchedTokens[0])}; known are {string.Join(", ", verbs)}.{Suggestion.DidYouMean(parsed.UnmatchedTokens[0], verbs)}";
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
