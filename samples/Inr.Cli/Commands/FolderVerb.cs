using System.CommandLine;
using System.Globalization;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Folders;

namespace Inr.Cli.Commands;

/// <summary>What <c>encode</c> and <c>decode</c> have in common: a folder in, a folder out, and files worked on side by side.</summary>
internal abstract class FolderVerb : Verb
{
    private readonly Argument<string> _folder;
    private readonly Option<string> _out = new("--out") { Description = "The folder of the results, with the same subfolders. Run again, it goes on where it stopped; what changed is made again.", HelpName = "DIR", Required = true };
    private readonly Option<bool> _recursive = new("--recursive") { Description = "Take the files of subfolders too." };
    private readonly Option<int?> _jobs = new("--jobs") { Description = "Files in work at a time; one for each thread by default.", HelpName = "N" };
    private readonly Option<string?> _shard = new("--shard") { Description = "Take a share of the files, such as 2/8. In an array job: auto (SLURM) or auto/8 (SLURM, or JOB_COMPLETION_INDEX of Kubernetes).", HelpName = "i/n" };
    private readonly string _made;

    /// <param name="name">The verb.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="files">What the folder holds.</param>
    /// <param name="made">What becomes of a file, such as <c>encoded</c>.</param>
    protected FolderVerb(string name, string summary, string files, string made)
        : base(name, summary)
    {
        _folder = new Argument<string>("folder") { Description = $"The folder of {files}.", HelpName = "DIR" };
        _made = made;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_folder, _out, .. Own, _recursive, _jobs, _shard];

    /// <summary>The verb's own options.</summary>
    protected virtual IEnumerable<Symbol> Own => [];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string folder = arguments.GetRequiredValue(_folder), output = arguments.GetRequiredValue(_out);
        Require.AtLeast(_jobs.Name, arguments.GetValue(_jobs), 1);
        var options = new FolderOptions
        {
            Recursive = arguments.GetValue(_recursive),
            Jobs = arguments.GetValue(_jobs) ?? 0,
            Shard = ReadShard(arguments.GetValue(_shard), context.Terminal),
        };
        Prepare(arguments, context);
        if (File.Exists(folder))
            throw CliException.Failed($"'{folder}' is a file; name a folder. Single files are for 'inr fit' and 'inr render'.");
        OutputFile.CheckFolder(_out.Name, output);
        var report = context.Terminal.Follow(Name, follow => Work(folder, output, options, new Listener(follow, context.Terminal), context.Cancellation));
        if (report.LeftOut.Length > 0)
            context.Terminal.WriteLine($"Left out: {report.LeftOut}.");
        Print(report, context.Terminal);
        context.Json.WriteBytes(report.WriteLines);
        return report.IsComplete ? ExitCodes.Done : throw CliException.Failed(Failure(report, output));
    }

    /// <summary>Reads and checks the verb's own options, before any work.</summary>
    protected virtual void Prepare(ParseResult arguments, RunContext context)
    {
    }

    /// <summary>Works through the folder.</summary>
    protected abstract FolderReport Work(
        string folder,
        string output,
        FolderOptions options,
        IProgress<FolderProgress> progress,
        CancellationToken cancellation);

    private FolderShard ReadShard(string? text, Terminal terminal)
    {
        if (text is null)
        {
            if (Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID") is { Length: > 0 })
                terminal.WriteLine($"note: this is a task of an array job, and takes all files; {_shard.Name} auto takes its share.");
            return FolderShard.All;
        }

        try
        {
            return FolderShard.Parse(text);
        }
        catch (FormatException e)
        {
            throw CliException.BadUsage($"{_shard.Name}: {e.Message}");
        }
    }

    private void Print(FolderReport report, Terminal terminal)
    {
        var made = report.Entries.Where(e => e.Failure is null).ToList();
        int failed = report.Entries.Count - made.Count;
        terminal.WriteLine($"{Text.Count(report.Total, "file")}: {Text.Count(made.Count)} {_made}, {Text.Count(report.Kept.Count)} there already, {Text.Count(failed)} failed.");
        if (made.Count > 0)
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made.Count / report.Elapsed.TotalSeconds:0.0} files a second, {Text.Duration(report.Elapsed)} in all."));
        if (made.Where(e => e.Warning is not null).ToList() is [var first, ..] warned)
            terminal.WriteLine($"note: {Text.Count(warned.Count, "file")} cannot hold every value, as the manifest says; the first: {first.Output}: {first.Warning}");
        var coded = report.Kept.Concat(made).Where(e => e.BitsPerSample is not null).ToList();
        if (coded.Count > 0)
        {
            double samples = coded.Sum(e => e.Bits!.Value / e.BitsPerSample!.Value);
            terminal.WriteTable(
                ["files", "stored", "bits/sample", "PSNR", "lowest PSNR", "encode s"],
                [[
                    Text.Count(coded.Count), Text.Bytes(coded.Sum(e => e.Bytes!.Value)), Text.BitsPerSample(coded.Sum(e => e.Bits!.Value) / samples), Text.MeanDecibels(coded.Average(e => e.Psnr), coded.Min(e => e.Psnr)),
                    Text.Decibels(coded.Min(e => e.Psnr)), Text.Seconds(coded.Average(e => e.EncodeSeconds)),
                ]]);
        }
    }

    private string Failure(FolderReport report, string output)
    {
        int done = report.Kept.Count + report.Entries.Count(e => e.Failure is null);
        if (report.StopReason is { } reason)
            return $"{reason} {done} of {Text.Count(report.Total, "file")} are {_made}.";
        if (report.IsCancelled)
            return $"Cancelled; {done} of {Text.Count(report.Total, "file")} are {_made}, and the same command goes on from there.";
        var failures = report.Failures.ToList();
        return $"{Text.Count(failures.Count, "file")} of {Text.Count(report.Total)} failed, the first: {failures[0].Source}: {failures[0].Failure} The lines of all are in '{Path.Combine(output, "manifest")}'; the same command tries them again.";
    }

    private sealed class Listener(Action<double, string> follow, Terminal terminal) : IProgress<FolderProgress>
    {
        public void Report(FolderProgress value)
        {
            if (value.Entry is { Failure: { } failure } entry)
                terminal.WriteLine($"failed: {entry.Source}: {failure}");
            if (value.Pending > 0)
                follow((double)value.Done / value.Pending, string.Create(CultureInfo.InvariantCulture, $"{value.Done} of {value.Pending}, {value.Pace:0.0} a second{(value.Remaining is { } left ? $", {Text.Duration(left)} left" : "")}"));
        }
    }
}
