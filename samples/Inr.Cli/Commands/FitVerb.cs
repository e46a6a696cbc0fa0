using System.CommandLine;
using System.Globalization;
using Inr.Cli.Fitting;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Cli.Signals;
using Inr.Cli.Targets;

namespace Inr.Cli.Commands;

/// <summary><c>inr fit SIGNAL --target NAME …</c>: fits one signal.</summary>
internal sealed class FitVerb : Verb
{
    private readonly Argument<string> _signal = new("signal") { Description = "A .png, .jpg or .wav file.", HelpName = "SIGNAL" };
    private readonly Option<string> _target = new("--target") { Description = $"The target function: {TargetCatalog.Names}.", HelpName = "NAME", Required = true };
    private readonly Option<long?> _floats = new("--floats") { Description = "The most numbers to store; perceptrons choose their width by it.", HelpName = "N" };
    private readonly Option<int?> _steps = new("--steps") { Description = "Gradient steps; 1000 by default.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--lr") { Description = "Learning rate; what the target function suggests by default.", HelpName = "X" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Random samples of a step, 0 for all; 8192 by default on the CPU, all on a GPU.", HelpName = "N" };
    private readonly Option<int?> _width = new("--width") { Description = "Width of hidden layers.", HelpName = "N" };
    private readonly Option<int?> _depth = new("--depth") { Description = "Layers in all, the output layer included.", HelpName = "N" };
    private readonly Option<double?> _omega = new("--omega") { Description = "Frequency factor of the first layer of a siren; 30 by default, 3000 for sound.", HelpName = "X" };
    private readonly Option<string?> _out = new("--out") { Description = "Save the representation to this .inr file.", HelpName = "F.inr" };
    private readonly Option<string?> _render = new("--render") { Description = "Render it at the signal's own size to this .png (or .wav) file.", HelpName = "F.png" };

    /// <summary>Describes the verb.</summary>
    public FitVerb()
        : base("fit", "Fits one signal.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_signal, _target, _floats, _steps, _rate, _batch, _width, _depth, _omega, _out, _render];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        var file = new SignalFile(arguments.GetRequiredValue(_signal));
        var entry = TargetCatalog.Find(arguments.GetRequiredValue(_target));
        NoteUnused(arguments, entry, context.Terminal);
        var settings = new TargetSettings
        {
            Floats = arguments.GetValue(_floats),
            Steps = arguments.GetValue(_steps),
            LearningRate = arguments.GetValue(_rate),
            Batch = arguments.GetValue(_batch),
            Width = arguments.GetValue(_width),
            Depth = arguments.GetValue(_depth),
            Omega = arguments.GetValue(_omega),
        };
        SignalFit.Check(settings);
        string? representationPath = arguments.GetValue(_out);
        string? renderPath = arguments.GetValue(_render);
        OutputFile.Check(_out.Name, representationPath);
        OutputFile.Check(_render.Name, renderPath, file.IsAudio ? ".wav" : ".png");
        OutputFile.RequireDistinct(file.Path, (_out.Name, representationPath), (_render.Name, renderPath), (CommonOptions.Json.Name, context.JsonPath));

        using var signal = file.Load(out int sampleRate);
        context.Terminal.WriteLine(signal.ToString());
        var fit = new SignalFit(entry, settings, context);
        using var fitter = fit.CreateFitter(signal);
        using var outcome = FitKeepingBest(fit, fitter, signal, context, entry.Name, representationPath);
        Print(outcome, context);
        Write(outcome, context, representationPath, renderPath, sampleRate);
        return outcome.Result.Status == FitStatus.Cancelled
            ? throw CliException.Failed($"Cancelled after {outcome.Result.Steps} steps; {(representationPath is null ? "there was no --out to keep the best state in" : $"the best state is in '{representationPath}'")}.")
            : ExitCodes.Done;
    }

    private static FitOutcome FitKeepingBest(SignalFit fit, ISignalFitter fitter, Signal signal, RunContext context, string what, string? path)
    {
        try
        {
            return context.Terminal.Track(what, progress => fit.Run(fitter, signal, progress, context.Cancellation));
        }
        catch (DivergedException e) when (e.LastGood is { } lastGood && path is not null)
        {
            // Beside the named file: a run that failed must not replace a good result.
            string beside = Path.ChangeExtension(path, ".last-good.inr");
            using (lastGood)
                lastGood.Representation.Save(beside);
            throw CliException.Failed(string.Create(CultureInfo.InvariantCulture, $"{e.Message} The last good state ({lastGood.Psnr:0.00} dB) is in '{beside}'."));
        }
    }

    private static void Print(FitOutcome outcome, RunContext context)
    {
        var row = outcome.Row;
        context.Terminal.WriteTable(
            ["target", "floats", "stored", "PSNR", "8-bit PSNR", "SSIM", "steps", "fit s", "render ms"],
            [[
                row.Target!, Text.Count(row.Floats), Text.Bytes(row.StoredBytes), Text.Decibels(row.Psnr), Text.Decibels(row.Psnr8), Text.Similarity(row.Ssim),
                Text.Count(row.Steps), Text.Seconds(row.FitSeconds), Text.Milliseconds(row.RenderSeconds),
            ]]);
    }

    private static void Write(FitOutcome outcome, RunContext context, string? representationPath, string? renderPath, int sampleRate)
    {
        if (representationPath is not null)
        {
            outcome.Result.Representation.Save(representationPath);
            context.Terminal.WriteLine($"saved {representationPath}");
        }

        if (renderPath is not null)
        {
            if (sampleRate > 0)
                outcome.Rendered.SaveWav(renderPath, sampleRate);
            else
                outcome.Rendered.SavePng(renderPath);
            context.Terminal.WriteLine($"rendered {renderPath}");
        }

        JsonFile.WriteReport(context.JsonPath, outcome.Row);
    }

    // A script that runs several targets passes the same options to each.
    private void NoteUnused(ParseResult arguments, TargetEntry entry, Terminal terminal)
    {
        foreach (Option option in (Option[])[_steps, _rate, _batch, _width, _depth, _omega])
        {
            if (arguments.GetResult(option) is { Implicit: false } && !entry.Options.Contains(option.Name))
                terminal.WriteLine($"note: {option.Name} has no meaning for {entry.Name} and is not used.");
        }
    }
}
