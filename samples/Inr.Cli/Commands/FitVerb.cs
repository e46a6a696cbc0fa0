using System.CommandLine;
using System.Globalization;
using Inr.Cli.Fitting;
using Inr.Cli.Learners;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Files;
using Inr.Meta;
using Inr.Scenes;

namespace Inr.Cli.Commands;

/// <summary><c>inr fit SIGNAL --target NAME …</c>: fits one signal; <c>inr fit FOLDER …</c>: fits the posed views of a scene.</summary>
internal sealed class FitVerb : Verb
{
    // The closed form of the README: no steps, no learning rate.
    private const string DefaultTarget = "piecewise-fourier";

    private readonly Argument<string> _signal = new("signal") { Description = "A .png, .jpg or .wav file, or the folder of a scene: transforms_train.json or transforms.json and its pictures.", HelpName = "SIGNAL" };
    private readonly Option<string> _target = new("--target") { Description = $"The target function: {TargetCatalog.Names}; {DefaultTarget} by default. A scene has {SceneFit.Target} alone.", HelpName = "NAME" };
    private readonly Option<long?> _floats = new("--floats") { Description = "The most numbers to store; perceptrons choose their width by it.", HelpName = "N" };
    private readonly Option<int?> _steps = new("--steps") { Description = $"Gradient steps; 1000 by default, {SceneFit.DefaultSteps} for a scene.", HelpName = "N" };
    private readonly Option<double?> _rate = new("--lr") { Description = "Learning rate; what the target function suggests by default.", HelpName = "X" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Random samples of a step, 0 for all; 8192 by default on the CPU, all on a GPU.", HelpName = "N" };
    private readonly Option<bool> _solve = new("--solve") { Description = "Solve the last layer by least squares at every step, so that gradients move only the others: fewer steps, each some longer." };
    private readonly Option<int?> _width = new("--width") { Description = "Width of hidden layers.", HelpName = "N" };
    private readonly Option<int?> _depth = new("--depth") { Description = "Layers in all, the output layer included.", HelpName = "N" };
    private readonly Option<double?> _omega = new("--omega") { Description = "Frequency factor of the first layer of a siren; 30 by default, 3000 for sound.", HelpName = "X" };
    private readonly RateOptions _rates = new();
    private readonly Option<string?> _quantize = new("--quantize") { Description = "Code the numbers of the result: auto loses at most 0.1 dB, a number is the most bits for each of them.", HelpName = "auto|BITS" };
    private readonly Option<double?> _seconds = new("--seconds") { Description = "Scenes: end the fit after this time; the learning rate falls with it.", HelpName = "X" };
    private readonly Option<string?> _size = new("--size") { Description = $"Learners: the side of the square that a picture becomes, as trained by default. Scenes: the longer side that views are resized to, or the box that they fit in; the aspect stays. {SceneFit.DefaultSize} by default.", HelpName = "N|WxH" };
    private readonly Option<double?> _near = new("--near") { Description = "Scenes: the depth at which rays start, in units of the poses; from the file or where the cameras look by default.", HelpName = "X" };
    private readonly Option<double?> _far = new("--far") { Description = "Scenes: the depth at which rays end.", HelpName = "X" };
    private readonly Option<double?> _bounds = new("--bounds") { Description = "Scenes: half the side of the cube in which the scene lies.", HelpName = "X" };
    private readonly Option<string?> _center = new("--centre", "--center") { Description = "Scenes: the middle of that cube.", HelpName = "X,Y,Z" };
    private readonly Option<int?> _holdOut = new("--holdout") { Description = "Scenes: judge on every N-th view of those to learn from; on the test views by default, or where there are none on every 8th.", HelpName = "N" };
    private readonly Option<bool> _directions = new("--view-directions") { Description = "Scenes: colours depend on the direction of the ray." };
    private readonly Option<string?> _learner = new("--learner") { Description = "Adapt this trained meta-learner to the signal instead of fitting from scratch; its file says the target function and the size.", HelpName = "F" };
    private readonly Option<int?> _inner = new("--inner-steps") { Description = "Learners: inner steps; as trained by default.", HelpName = "N" };
    private readonly Option<int?> _optimise = new("--optimise-steps") { Description = "Learners: gradient steps from the adapted parameters; none by default.", HelpName = "N" };
    private readonly Option<string?> _out = new("--out") { Description = "Save the representation to this .inr file.", HelpName = "F.inr" };
    private readonly Option<string?> _render = new("--render") { Description = "Render it at the signal's own size to this .png (or .wav) file; of a scene, the first held-out view.", HelpName = "F.png" };

    private readonly Option<bool> _stored = PictureOptions.KeepOrientation();

    /// <summary>Describes the verb.</summary>
    public FitVerb()
        : base("fit", "Fits one signal.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols => [_signal, _target, _floats, _steps, _rate, _batch, _solve, _width, _depth, _omega, .. _rates.All, _quantize, _seconds, _size, _near, _far, _bounds, _center, _holdOut, _directions, _stored, _learner, _inner, _optimise, _out, _render];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        string path = arguments.GetRequiredValue(_signal);
        if (Directory.Exists(path))
            return RunScene(arguments, context, path);
        // A file of poses names its scene as well.
        if (Path.GetFileName(path) is "transforms.json" or "transforms_train.json" && File.Exists(path))
            return RunScene(arguments, context, Path.GetDirectoryName(Path.GetFullPath(path))!);
        var file = new SignalFile(path) { KeepStoredOrientation = arguments.GetValue(_stored) };
        if (arguments.GetValue(_learner) is { } learner)
            return RunLearner(arguments, context, file, learner);
        var entry = Names.Target(arguments.GetValue(_target) ?? DefaultTarget);
        NoteUnused(arguments, entry.Name, entry.Choices, [_inner, _optimise, _seconds, _size, _near, _far, _bounds, _center, _holdOut, _directions], context.Terminal);
        Require.AtLeast(_depth.Name, arguments.GetValue(_depth), entry.FewestLayers);
        var settings = new TargetSettings
        {
            Floats = arguments.GetValue(_floats),
            Steps = arguments.GetValue(_steps),
            LearningRate = arguments.GetValue(_rate),
            Batch = arguments.GetValue(_batch),
            SolvesLinear = arguments.GetValue(_solve),
            Width = arguments.GetValue(_width),
            Depth = arguments.GetValue(_depth),
            Omega = arguments.GetValue(_omega),
        };
        if (entry.Choices.HasFlag(TargetChoices.Rate))
            settings = _rates.Apply(arguments, settings);
        SignalFit.Check(settings);
        var compression = arguments.GetValue(_quantize) is { } bits ? Quantization.Parse(_quantize.Name, bits, entry, context.Seed) : null;
        string? representationPath = arguments.GetValue(_out);
        string? renderPath = arguments.GetValue(_render);
        OutputFile.Check(_out.Name, representationPath, FileKind.Representation);
        OutputFile.Check(_render.Name, renderPath, file.IsAudio ? ".wav" : ".png");
        OutputFile.RequireDistinct(file.Path, (_out.Name, representationPath), (_render.Name, renderPath), (CommonOptions.Json.Name, context.Json.Path));

        using var signal = file.Load();
        context.Terminal.WriteLine(signal.ToString());
        if (arguments.GetValue(_target) is null)
            context.Terminal.WriteLine($"target: {entry.Name}, the default; {_target.Name} chooses another");
        var fit = new SignalFit(entry, settings, context) { Compression = compression };
        using var fitter = fit.CreateFitter(signal);
        using var outcome = FitKeepingBest(fit, fitter, signal, context, entry.Name, representationPath, renderPath is not null);
        Print(outcome, context);
        Write(outcome, context, representationPath, renderPath);
        return outcome.Result.Status == FitStatus.Cancelled
            ? throw CliException.Failed($"Cancelled after {Text.Count(outcome.Result.Steps, "step")}; {(representationPath is null ? "there was no --out to keep the best state in" : $"the best state is in '{representationPath}'")}.")
            : ExitCodes.Done;
    }

    private int RunLearner(ParseResult arguments, RunContext context, SignalFile file, string learnerPath)
    {
        NoteUnused(arguments, "a learner", TargetChoices.None, [_target, _floats, _quantize, _seconds, _near, _far, _bounds, _center, _holdOut, _directions], context.Terminal);
        string? representationPath = arguments.GetValue(_out);
        string? renderPath = arguments.GetValue(_render);
        OutputFile.Check(_out.Name, representationPath, FileKind.Representation);
        OutputFile.Check(_render.Name, renderPath, file.IsAudio ? ".wav" : ".png");
        OutputFile.RequireDistinct(file.Path, (_learner.Name, learnerPath), (_out.Name, representationPath), (_render.Name, renderPath), (CommonOptions.Json.Name, context.Json.Path));
        int? size = arguments.GetValue(_size) is { } text ? ParseSide(text) : null;

        using var run = LearnerRun.Load(learnerPath, (_inner.Name, arguments.GetValue(_inner)), (_optimise.Name, arguments.GetValue(_optimise)), context);
        if (run.Axes != (file.IsAudio ? 1 : 2))
            throw CliException.Failed($"{InputFile.Quote(learnerPath)} is for {(run.Axes == 1 ? "sounds" : run.Axes == 2 ? "images" : $"signals of {run.Axes} axes")}, which {InputFile.Quote(file.Path)} is not.");
        using var signal = file.IsAudio ? file.Load() : ImageSignal.Load(file.Path, MetaImages.Square(LearnerSize.Choose(run.Learner, _size.Name, size, context.Terminal), run.Channels) with { KeepStoredOrientation = file.KeepStoredOrientation });
        context.Terminal.WriteLine(signal.ToString());
        string what = run.Learner.Description.Kind;
        var result = context.Terminal.Track(what, progress => run.Fit(signal, progress, context.Cancellation));
        using var outcome = SignalFit.Measure(result, signal, run.Learner.Description.Target.Kind, context, renderPath is not null);
        var row = outcome.Row with { Learner = what, AdaptSeconds = outcome.Row.FitSeconds, FitSeconds = null, SharedFloats = run.Learner.Weights.Sum(w => w.Tensor.numel()) };
        Print(outcome with { Row = row }, context);
        Write(outcome with { Row = row }, context, representationPath, renderPath);
        return result.Status == FitStatus.Cancelled ? throw CliException.Failed($"Cancelled after {Text.Count(result.Steps, "step")}; what was reached is shown.") : ExitCodes.Done;
    }

    private int ParseSide(string text)
    {
        if (NumberText.ReadWhole(text, int.MaxValue, out long side) is { } fault)
            throw CliException.BadUsage($"{_size.Name} {fault} Learners take squares of one side.");
        Require.AtLeast<long>(_size.Name, side, 1);
        return (int)side;
    }

    private int RunScene(ParseResult arguments, RunContext context, string folder)
    {
        if (!NerfScene.IsScene(folder))
            throw CliException.Failed($"'{folder}' is a folder without transforms_train.json or transforms.json. Name a .png, .jpg or .wav file, or the folder of a scene that holds such a file.");
        if (arguments.GetValue(_target) is { } target && target != SceneFit.Target)
            throw CliException.BadUsage($"--target is '{target}', but '{folder}' is a scene, whose target is {SceneFit.Target}.");
        NoteUnused(arguments, "a scene", TargetChoices.Steps | TargetChoices.LearningRate | TargetChoices.Width | TargetChoices.Depth, [_floats, _quantize, _learner, _inner, _optimise], context.Terminal);
        string? representationPath = arguments.GetValue(_out);
        string? picturePath = arguments.GetValue(_render);
        OutputFile.Check(_out.Name, representationPath, FileKind.Representation);
        OutputFile.Check(_render.Name, picturePath, ".png");
        OutputFile.RequireDistinct(folder, (_out.Name, representationPath), (_render.Name, picturePath), (CommonOptions.Json.Name, context.Json.Path));
        OutputFile.RequireOutside(SceneFit.FilesOf(folder), (_out.Name, representationPath), (_render.Name, picturePath), (CommonOptions.Json.Name, context.Json.Path));
        var settings = new SceneSettings
        {
            Steps = arguments.GetValue(_steps),
            Seconds = arguments.GetValue(_seconds),
            LearningRate = arguments.GetValue(_rate),
            Size = ParseSize(arguments.GetValue(_size)),
            Near = arguments.GetValue(_near),
            Far = arguments.GetValue(_far),
            HalfWidth = arguments.GetValue(_bounds),
            Center = ParseCenter(arguments.GetValue(_center)),
            HoldOut = arguments.GetValue(_holdOut),
            Width = arguments.GetValue(_width),
            Depth = arguments.GetValue(_depth),
            ViewDirections = arguments.GetValue(_directions),
        };
        return new SceneFit(folder, settings, context).Run(representationPath, picturePath);
    }

    private static ImageSize? ParseSize(string? text)
    {
        if (text is null)
            return null;
        string[] sides = text.Split('x', 'X', '×');
        int[] lengths = [.. sides.Select(s => NumberText.ReadWhole(s, int.MaxValue, out long side) is null ? (int)side : 0)];
        return lengths is [> 0] or [> 0, > 0]
            ? new ImageSize(lengths[^1], lengths[0])
            : throw CliException.BadUsage($"--size is '{text}'; it is the longer side in pixels, such as 100, or a box, such as 160x90.");
    }

    private static (double X, double Y, double Z)? ParseCenter(string? text)
    {
        if (text is null)
            return null;
        double[] at = [.. text.Split(',').Select(part => NumberText.Read(part, out double x) is null ? x : double.NaN)];
        return at.Length == 3 && at.All(double.IsFinite)
            ? (at[0], at[1], at[2])
            : throw CliException.BadUsage($"--centre is '{text}'; it is three numbers with commas between them, such as 5,2.5,1.");
    }

    private static FitOutcome FitKeepingBest(SignalFit fit, ISignalFitter fitter, Signal signal, RunContext context, string what, string? path, bool renders)
    {
        try
        {
            return context.Terminal.Track(what, progress => fit.Run(fitter, signal, progress, renders, context.Cancellation));
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
            ["target", "floats", "stored", "bits/sample", "PSNR", "8-bit PSNR", "SSIM", "steps", row.Learner is null ? "fit s" : "adapt s", "render ms"],
            [[
                row.Target!, Text.Count(row.Floats), Text.Bytes(row.StoredBytes), Text.BitsPerSample(row.BitsPerSample), Text.Decibels(row.Psnr), Text.Decibels(row.Psnr8), Text.Similarity(row.Ssim),
                Text.Count(row.Steps), Text.Seconds(row.FitSeconds ?? row.AdaptSeconds), Text.Milliseconds(row.RenderSeconds),
            ]]);
        if (outcome.Result.Engine is { } engine)
            context.Terminal.WriteLine($"steps computed by {engine}");
    }

    private static void Write(FitOutcome outcome, RunContext context, string? representationPath, string? renderPath)
    {
        if (representationPath is not null)
        {
            outcome.Result.Representation.Save(representationPath);
            context.Terminal.WriteLine($"saved {representationPath}");
        }

        if (renderPath is not null)
        {
            SignalOutput.Save(outcome.Rendered, renderPath, context.Terminal);
            context.Terminal.WriteLine($"rendered {renderPath}");
        }

        context.Json.Write(outcome.Row);
    }

    // A script that runs several targets passes the same options to each.
    private void NoteUnused(ParseResult arguments, string what, TargetChoices used, Option[] others, Terminal terminal)
    {
        (Option Option, TargetChoices Choice)[] chosen =
        [
            (_steps, TargetChoices.Steps), (_rate, TargetChoices.LearningRate), (_batch, TargetChoices.Batch), (_solve, TargetChoices.SolvesLinear),
            (_width, TargetChoices.Width), (_depth, TargetChoices.Depth), (_omega, TargetChoices.Omega),
            .. _rates.All.Select(option => (option, TargetChoices.Rate)),
        ];
        foreach (var option in chosen.Where(c => !used.HasFlag(c.Choice)).Select(c => c.Option).Concat(others))
        {
            if (arguments.GetResult(option) is { Implicit: false })
                terminal.WriteLine($"note: {option.Name} has no meaning for {what} and is not used.");
        }
    }
}
