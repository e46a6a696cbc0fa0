using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Inr.Studies.Matrix;

namespace Inr.Studies;

/// <summary>Reads the command line, runs a part of a study, and turns any failure into a line and an exit code.</summary>
internal static class StudyShell
{
    /// <summary>How a study is run, in the root of the repository.</summary>
    public const string Command = "dotnet run -c Release --project benchmarks/Inr.Studies --";

    private static readonly Study[] Studies = [PiecewiseFourierStudy.Study, CodecStudy.Study, GradientMetaStudy.Study, TransformerStudy.Study, MatrixStudy.Study];

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code: 1 where the work failed, 2 for bad usage.</returns>
    public static int Run(string[] args)
    {
        Console.OutputEncoding = Encoding.UTF8;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            TorchRuntime.EnsureLoaded();
            return Parse(args);
        }
        catch (Exception failure) when (failure is StudyException or InrException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"study: {Text.OneLine(failure.Message)}");
            return (failure as StudyException)?.ExitCode ?? StudyException.Failure;
        }
    }

    private static int Parse(string[] args)
    {
        var root = new RootCommand("The studies behind the numbers of the documentation; every part prints Markdown.");
        foreach (var study in Studies)
            root.Subcommands.Add(study.Describe());
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        Console.Error.WriteLine($"study: {Text.OneLine(parsed.UnmatchedTokens is [var token, ..] ? $"'{token}' is not known here." : parsed.Errors[0].Message)}");
        Console.Error.WriteLine();
        ShowUsage(parsed);
        return StudyException.Usage;
    }

    private static void ShowUsage(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result.Command is not RootCommand; result = (CommandResult)result.Parent!)
            names.Insert(0, result.Command.Name);
        parsed.RootCommandResult.Command.Parse([.. names, "--help"]).Invoke(new InvocationConfiguration { Output = Console.Error });
    }
}
