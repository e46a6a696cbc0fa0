using System.CommandLine;
using Inr.Cli.Compare;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Cli.Signals;
using Inr.Cli.Targets;

namespace Inr.Cli.Commands;

/// <summary><c>inr compare PATH… --targets a,b,c --report DIR</c>: the four measures of each target function over all signals.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Argument<string[]> _paths = new("path") { Description = "Signals (.png, .jpg, .wav) and folders of them.", HelpName = "PATH", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _targets = new("--targets") { Description = $"Target functions, separated by commas: {TargetCatalog.Names}.", HelpName = "a,b,c", Required = true };
    private readonly Option<long?> _floats = new("--floats") { Description = "The most numbers that each representation may store.", HelpName = "N" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Gradient steps; 1000 by default.", HelpName = "N" };
    private readonly Option<string> _report = new("--report") { Description = "The folder of the results. Run again with the same settings, it goes on where it stopped.", HelpName = "DIR", Required = true };

    /// <summary>Describes the verb.</summary>
    public CompareVerb()
        : base("compare", "Compares target functions over signals: parameters, time, mean and max PSNR.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_paths, _targets, _floats, _steps, _report];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        var targets = arguments.GetRequiredValue(_targets)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(TargetCatalog.Find).Distinct().ToList();
        if (targets.Count == 0)
            throw CliException.BadUsage($"--targets names none; known are {TargetCatalog.Names}.");
        var settings = new TargetSettings { Floats = arguments.GetValue(_floats), Steps = arguments.GetValue(_steps) };
        SignalFit.Check(settings);
        var files = SignalFile.Expand(arguments.GetRequiredValue(_paths));
        string folder = arguments.GetRequiredValue(_report);
        OutputFile.CheckFolder(_report.Name, folder);
        var store = CompareStore.Open(folder, CompareSettings.Of(settings, context));

        var result = new CompareRun(targets, settings, store, context).Execute(files);
        if (result.Rows.Count > 0)
            CompareReport.Print(result, context.Terminal);
        CompareReport.Write(result, folder);
        JsonFile.WriteReport(context.JsonPath, result.Summary());
        context.Terminal.WriteLine($"{result.Rows.Count} of {Text.Count(result.Planned, "fit")} finished; the results are in '{folder}'{(result.Failures.Count > 0 ? $"; {Text.Count(result.Failures.Count, "failure")}, see failures.json there" : "")}.");
        if (result.Cancelled)
            throw CliException.Failed($"Cancelled; {result.Rows.Count} of {result.Planned} fits are kept in '{folder}', and the same command goes on from there.");
        return result.Rows.Count > 0 ? ExitCodes.Done : throw CliException.Failed($"No fit succeeded; the first failure: {result.Failures[0]}");
    }
}
