using System.CommandLine;
using Inr.Cli.Demo;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;

namespace Inr.Cli.Commands;

/// <summary><c>inr</c> alone: fits the shipped photo with each main target function, and shows what the shipped meta-learner does in one forward pass.</summary>
internal sealed class DemoVerb : Verb
{
    private const string FolderName = "inr-demo";
    private const string Photo = "photo";
    private const string Emoji = "emoji";

    // A fifteenth of the photo's 294,912 values: low enough that the families differ in what they lose.
    private const long Floats = 20_000;

    private const int Steps = 400;

    // The best of them side by side show what lies between the pixels.
    private const int Zoomed = 2;

    // A busy machine must not make the demo long: what is reached by then is shown.
    private static readonly TimeSpan LongestFit = TimeSpan.FromSeconds(18);

    /// <summary>Describes the verb.</summary>
    public DemoVerb()
        : base("demo", "Fits the shipped photo with each main target function, and shipped emoji with a trained meta-learner.")
    {
    }

    /// <summary>Which half of the demo to run; both by default. The demo has no verb, so the option belongs to the command itself.</summary>
    public static Option<string?> Only { get; } = new("--only") { Description = "One half of the demo: photo or emoji.", HelpName = "PART" };

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string? only = arguments.GetValue(Only);
        if (only is not (null or Photo or Emoji))
            throw CliException.BadUsage($"{Only.Name} is '{only}'; it must be {Photo} or {Emoji}.");
        string folder = ChooseFolder();
        var rows = new List<ReportRow>();
        var written = new List<string>();
        if (only is not Emoji)
        {
            rows.AddRange(FitPhoto(folder, context));
            written.Add("side-by-side.png, zoom.png, one for each target");
        }

        if (only is not Photo && !context.Cancellation.IsCancellationRequested && new EmojiRace(folder, context).Run() is { Count: > 0 } race)
        {
            rows.AddRange(race);
            written.Add("emoji.png");
        }

        if (rows.Count == 0)
            throw CliException.Failed("Cancelled before a fit was finished.");
        context.Terminal.WriteLine($"Pictures: {Path.GetFullPath(folder)} ({string.Join(", ", written)})");
        context.Json.Write(rows);
        return context.Cancellation.IsCancellationRequested ? throw CliException.Failed("Cancelled; what was reached is shown.") : ExitCodes.Done;
    }

    private static List<ReportRow> FitPhoto(string folder, RunContext context)
    {
        using var photo = ImageSignal.Load(Path.Combine(AppContext.BaseDirectory, "assets", "chelsea.png"));
        context.Terminal.WriteLine($"Fitting {photo.Name} ({photo.Width()}×{photo.Height()} pixels, {Text.Count(photo.Values.numel())} values) with at most {Text.Count(Floats)} floats each.");
        var pictures = new DemoPictures(photo, folder);
        var outcomes = new List<FitOutcome>();
        try
        {
            foreach (var target in TargetCatalog.All.Where(t => t.InDemo))
            {
                if (context.Cancellation.IsCancellationRequested)
                    break;
                if (TryFit(target, photo, context) is not { } outcome)
                    continue;
                outcomes.Add(outcome);
                pictures.WriteReconstruction(outcome);
            }

            if (outcomes.Count == 0)
                throw CliException.Failed("Cancelled before a fit was finished.");
            Show(outcomes, pictures, context);
            return [.. outcomes.Select(outcome => outcome.Row)];
        }
        finally
        {
            outcomes.ForEach(outcome => outcome.Dispose());
        }
    }

    // Null where a closed form, which has no state before its end, did not end in time.
    private static FitOutcome? TryFit(TargetEntry target, Signal photo, RunContext context)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        deadline.CancelAfter(LongestFit);
        var fit = new SignalFit(target, new TargetSettings { Floats = Floats, Steps = Steps }, context);
        using var fitter = fit.CreateFitter(photo);
        try
        {
            return context.Terminal.Track(target.Name, progress => fit.Run(fitter, photo, progress, rendersCancelled: true, deadline.Token));
        }
        catch (OperationCanceledException)
        {
            context.Terminal.WriteLine($"{target.Name}: not finished within {Text.Duration(LongestFit)}.");
            return null;
        }
    }

    private static void Show(List<FitOutcome> outcomes, DemoPictures pictures, RunContext context)
    {
        pictures.WriteSideBySide(outcomes);
        pictures.WriteZoom([.. outcomes.OrderByDescending(outcome => outcome.Row.Psnr).Take(Zoomed)]);
        context.Terminal.WriteTable(
            ["target", "floats", "stored", "bits/pixel", "PSNR", "SSIM", "steps", "fit s", "render ms"],
            outcomes.Select(outcome => outcome.Row).Select(row => (string[])
            [
                row.Target!, Text.Count(row.Floats), Text.Bytes(row.StoredBytes), Text.BitsPerSample(row.BitsPerSample), Text.Decibels(row.Psnr), Text.Similarity(row.Ssim), Text.Count(row.Steps), Text.Seconds(row.FitSeconds), Text.Milliseconds(row.RenderSeconds),
            ]));
    }

    private static string ChooseFolder()
    {
        foreach (string parent in (string[])[".", Path.GetTempPath()])
        {
            if (!OutputFile.IsWritable(parent))
                continue;
            string folder = Path.Combine(parent, FolderName);
            OutputFile.CheckFolder("the demo's folder", folder);
            return folder;
        }

        throw CliException.Failed("Neither the current folder nor the temporary one can be written; change to a folder of your own.");
    }
}
