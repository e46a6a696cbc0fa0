using System.CommandLine;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;

namespace Inr.Cli.Commands;

/// <summary><c>inr compare PATH… --targets a,b,c --report DIR</c>: the four measures of each target function over all signals.</summary>
internal sealed class CompareVerb : Verb
{
    private readonly Argument<string[]> _paths = new("path") { Description = "Signals (.png, .jpg, .wav) and folders of them.", HelpName = "PATH", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _targets = new("--targets") { Description = $"Target functions, separated by commas: {TargetCatalog.Names}. Required without --codec.", HelpName = "a,b,c" };
    private readonly Option<bool> _codec = new("--codec") { Description = "Compare coded cosines with JPEG, JPEG 2000, WebP and AVIF instead, where the system has their tools: bytes against PSNR." };
    private readonly Option<string?> _floats = new("--floats") { Description = "The most numbers that each representation may store; several, separated by commas, give curves.", HelpName = "N" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Gradient steps; 1000 by default.", HelpName = "N" };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "The time of each gradient fit instead of a number of steps: seconds of processor time of its steps, for each thread.", HelpName = "S" };
    private readonly Option<string> _context = new("--context") { Description = "What the fits see: full, sparse:0.1 (a share of the samples), noisy:25 (a standard deviation in 255ths), or sparse:0.1+noisy:25.", HelpName = "C", DefaultValueFactory = _ => SignalContext.Full.ToString() };
    private readonly Option<bool> _solve = new("--solve") { Description = "Gradient fits solve the last layer by least squares at every step." };
    private readonly Option<bool> _sweep = new("--sweep") { Description = "Choose the learning rate, and ω₀ of a siren, by short fits of the first signals." };
    private readonly Option<bool> _noNull = new("--no-null") { Description = "Leave out the null models, which stand in every table otherwise." };
    private readonly Option<bool> _recursive = new("--recursive") { Description = "Take the signals of subfolders too." };
    private readonly Option<bool> _stored = PictureOptions.KeepOrientation();
    private readonly Option<string> _report = new("--report") { Description = "The folder of the results. Run again with the same settings, it goes on where it stopped.", HelpName = "DIR", Required = true };

    /// <summary>Describes the verb.</summary>
    public CompareVerb()
        : base("compare", "Compares target functions over signals: parameters, time, mean and max PSNR, as tables and a page.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_paths, _targets, _codec, _floats, _steps, _seconds, _context, _solve, _sweep, _noNull, _recursive, _stored, _report];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        if (arguments.GetValue(_codec))
            return RunCodecs(arguments, context);
        if (arguments.GetValue(_targets) is null)
            throw CliException.BadUsage($"Option '{_targets.Name}' is required, or {_codec.Name}. See 'inr {Name} --help'.");
        var settings = ReadSettings(arguments, context);
        var contenders = Contender.Of(ReadTargets(arguments), settings.Floats);
        var signals = SignalFiles.Open(arguments.GetRequiredValue(_paths), arguments.GetValue(_recursive));
        if (arguments.GetValue(_stored))
            signals = signals.WithStoredOrientation();
        if (signals.SkippedText.Length > 0)
            context.Terminal.WriteLine($"Left out: {signals.SkippedText}.");
        string folder = arguments.GetRequiredValue(_report);
        OutputFile.CheckFolder(_report.Name, folder);
        // The folder names its settings as the user typed them. Rows of turned pictures do not belong beside those of stored ones.
        var described = settings.Described().ToDictionary(s => "--" + s.Key, s => s.Value);
        if (arguments.GetValue(_stored))
            described[_stored.Name] = "yes";
        using var store = EvaluationFolder.Open(folder, described);

        var result = Comparison.Run(contenders, signals, store, settings, new ComparisonLines(context.Terminal), context.Cancellation);
        ComparisonTables.Write(result, folder);
        context.Json.Write(result.Summary());
        if (result.Finished > 0)
            ComparisonTable.Print(result, context.Terminal);
        foreach (var failure in result.Failures)
            context.Terminal.WriteLine($"failed: {failure}");
        string finished = $"{result.Finished} of {Text.Count(result.Planned, "fit")} finished; the results are in '{folder}'";
        // To draw takes seconds, and the same command does it when all is done.
        if (result.IsCancelled)
            throw CliException.Failed($"Cancelled; {finished}, and the same command goes on from there.");
        if (result.Finished == 0)
            throw CliException.Failed($"No fit succeeded; the first failure: {result.Failures[0]}");
        context.Terminal.WriteLine("Drawing the page.");
        ReportPage.Write(result, store, signals, CommandLine(arguments));
        context.Terminal.WriteLine($"The page: {Path.Combine(folder, ReportPage.FileName)}");
        context.Terminal.WriteLine($"{finished}.");
        return result.Failures.Count == 0 ? ExitCodes.Done : throw CliException.Failed($"{Failures(result)}; see failures.json in '{folder}'.");
    }

    private int RunCodecs(ParseResult arguments, RunContext context)
    {
        foreach (var option in new Option[] { _targets, _floats, _steps, _seconds, _context, _solve, _sweep, _noNull }.Where(o => arguments.GetResult(o) is { Implicit: false }))
            context.Terminal.WriteLine($"note: {option.Name} has no meaning with {_codec.Name} and is not used.");
        var signals = SignalFiles.Open(arguments.GetRequiredValue(_paths), arguments.GetValue(_recursive));
        if (arguments.GetValue(_stored))
            signals = signals.WithStoredOrientation();
        if (signals.SkippedText.Length > 0)
            context.Terminal.WriteLine($"Left out: {signals.SkippedText}.");
        string folder = arguments.GetRequiredValue(_report);
        OutputFile.CheckFolder(_report.Name, folder);
        using var store = EvaluationFolder.Open(folder, RateDistortion.Described);
        var result = RateDistortion.Run(signals, store, new ComparisonLines(context.Terminal), context.Cancellation);
        if (result.IsCancelled)
            throw CliException.Failed($"Cancelled; {Text.Count(result.Signals.Count, "picture")} of {signals.Count} finished, and the same command goes on from there.");
        if (result.Signals.Count == 0)
            throw CliException.Failed($"There is no picture that all codecs took; the first failure: {result.Failures[0]}");
        RateDistortionTables.Write(result, folder);
        RateDistortionLines.Print(result, context.Terminal);
        context.Json.WriteBytes(stream => RateDistortionTables.WriteJson(stream, result));
        context.Terminal.WriteLine("Drawing the page.");
        RateDistortionPage.Write(result, store, signals, CommandLine(arguments), context.Cancellation);
        context.Terminal.WriteLine($"The page: {Path.Combine(folder, ReportPage.FileName)}");
        return result.Failures.Count == 0 ? ExitCodes.Done : throw CliException.Failed($"{Text.Count(result.Failures.Count, "failure")}; see failures.json in '{folder}'. The first: {result.Failures[0]}");
    }

    private static string Failures(ComparisonResult result)
    {
        int unreadable = result.Failures.Count(f => f.Target is null);
        int failed = result.Failures.Count - unreadable;
        string[] parts = [unreadable > 0 ? $"{Text.Count(unreadable, "signal")} could not be read" : "", failed > 0 ? $"{Text.Count(failed, "fit")} failed" : ""];
        return string.Join(" and ", parts.Where(part => part.Length > 0));
    }

    // As a shell takes it.
    private static string CommandLine(ParseResult arguments) =>
        "inr " + string.Join(' ', arguments.Tokens.Select(token => token.Value.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"') ? $"'{token.Value.Replace("'", "'\\''", StringComparison.Ordinal)}'" : token.Value));

    private ComparisonSettings ReadSettings(ParseResult arguments, RunContext context)
    {
        var settings = new ComparisonSettings
        {
            Floats = ReadBudgets(arguments.GetValue(_floats)),
            Steps = arguments.GetValue(_steps),
            Seconds = arguments.GetValue(_seconds),
            Context = ReadContext(arguments.GetRequiredValue(_context)),
            Solve = arguments.GetValue(_solve),
            Sweep = arguments.GetValue(_sweep),
            Device = context.Device,
            Threads = context.Threads,
            Seed = context.Seed,
        };
        Require.Positive(_seconds.Name, settings.Seconds);
        if (settings is { Steps: not null, Seconds: not null })
            throw CliException.BadUsage($"{_steps.Name} and {_seconds.Name} are two budgets of one thing; give one.");
        SignalFit.Check(new TargetSettings { Steps = settings.Steps });
        return settings;
    }

    private List<TargetEntry> ReadTargets(ParseResult arguments)
    {
        var named = arguments.GetValue(_targets)!
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Names.Target).Distinct().ToList();
        if (named.Count == 0)
            throw CliException.BadUsage($"--targets names none; known are {TargetCatalog.Names}.");
        if (!arguments.GetValue(_noNull))
            named.AddRange(TargetCatalog.All.Where(entry => entry.IsNullModel && !named.Contains(entry)));
        return named;
    }

    private long[] ReadBudgets(string? text)
    {
        if (text is null)
            return [];
        var budgets = new SortedSet<long>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (NumberText.ReadWhole(part, long.MaxValue, out long budget) is { } fault)
                throw CliException.BadUsage($"{_floats.Name} {fault} Several are separated by commas.");
            Require.AtLeast<long>(_floats.Name, budget, 1);
            budgets.Add(budget);
        }

        return [.. budgets];
    }

    private SignalContext ReadContext(string text)
    {
        try
        {
            return SignalContext.Parse(text);
        }
        catch (FormatException e)
        {
            throw CliException.BadUsage($"{_context.Name}: {e.Message}");
        }
    }
}
