using System.CommandLine;
using System.Globalization;
using Inr.Cli.Learners;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Files;
using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Cli.Commands;

/// <summary><c>inr meta-train --data DIR --learner NAME --target NAME --size N …</c>: learns from a folder of images.</summary>
internal sealed class MetaTrainVerb : Verb
{
    private readonly Option<string> _data = new("--data") { Description = "A folder of images.", HelpName = "DIR", Required = true };
    private readonly Option<string> _learner = new("--learner") { Description = $"The meta-learner: {LearnerCatalog.Names}.", HelpName = "NAME", Required = true };
    private readonly Option<string?> _target = new("--target") { Description = $"The target function: {TargetCatalog.Names}; {LinearGaussianLearner.Kind} has {CosineTarget.Kind} by default, as many cosines as pixels.", HelpName = "NAME" };
    private readonly Option<int> _size = new("--size") { Description = "Images become squares of this side: the centre is cropped, then resized.", HelpName = "N", Required = true };
    private readonly Option<int> _channels = new("--channels") { Description = "1 for grey, 3 for RGB, 4 for RGBA.", HelpName = "C", DefaultValueFactory = _ => 3 };
    private readonly Option<int> _steps = new("--steps") { Description = "Outer steps in all.", HelpName = "N", DefaultValueFactory = _ => 10_000 };
    private readonly Option<int> _batch = new("--batch") { Description = "Images of an outer step.", HelpName = "B", DefaultValueFactory = _ => 4 };
    private readonly Option<double?> _rate = new("--lr") { Description = "Outer learning rate; what the learner suggests by default.", HelpName = "X" };
    private readonly Option<double?> _minutes = new("--minutes") { Description = "Ends the training after this time.", HelpName = "X" };
    private readonly Option<int?> _inner = new("--inner-steps") { Description = "Inner steps; the method's own number by default.", HelpName = "N" };
    private readonly Option<long?> _floats = new("--floats") { Description = "The most numbers of the target; perceptrons choose their width by it.", HelpName = "N" };
    private readonly Option<int?> _width = new("--width") { Description = "Width of hidden layers.", HelpName = "N" };
    private readonly Option<int?> _depth = new("--depth") { Description = "Layers in all, the output layer included.", HelpName = "N" };
    private readonly Option<double?> _omega = new("--omega") { Description = "Frequency factor of the first layer of a siren.", HelpName = "X" };
    private readonly Option<int?> _components = new("--components") { Description = $"The principal components of {LinearGaussianLearner.Kind}, the numbers of an image; 512 by default.", HelpName = "N" };
    private readonly Option<bool> _mirror = new("--mirror") { Description = $"Of {LinearGaussianLearner.Kind}: an image mirrored left to right is as likely as the image." };
    private readonly Option<string?> _context = new("--context") { Description = $"Of {LinearGaussianLearner.Kind}: learn from parts of the images alone: sparse:SHARE, noisy:SIGMA in 255ths, or both with a plus; all of them by default.", HelpName = "TEXT" };
    private readonly Option<string?> _heldOut = new("--held-out") { Description = "A folder of images to judge on during the training.", HelpName = "DIR" };
    private readonly Option<bool> _recursive = new("--recursive") { Description = "Take the images of subfolders too, such as those of classes." };
    private readonly Option<string> _out = new("--out") { Description = "The trained learner; a checkpoint of the training is kept beside it.", HelpName = "F", Required = true };
    private readonly Option<int> _checkpointEvery = new("--checkpoint-every") { Description = "Outer steps between two checkpoints.", HelpName = "N", DefaultValueFactory = _ => 500 };
    private readonly Option<string?> _resume = new("--resume") { Description = "Go on from this checkpoint.", HelpName = "F" };

    /// <summary>Describes the verb.</summary>
    public MetaTrainVerb()
        : base("meta-train", "Trains a meta-learner on a folder of images.")
    {
    }

    /// <inheritdoc/>
    protected override IEnumerable<Symbol> Symbols =>
        [_data, _learner, _target, _size, _channels, _steps, _batch, _rate, _minutes, _inner, _floats, _width, _depth, _omega, _components, _mirror, _context, _heldOut, _recursive, _out, _checkpointEvery, _resume];

    /// <inheritdoc/>
    protected override int Run(ParseResult arguments, RunContext context)
    {
        var entry = LearnerCatalog.Find(arguments.GetRequiredValue(_learner));
        if (entry.IsClosedForm)
            return RunClosedForm(arguments, entry, context);
        foreach (Option option in (Option[])[_components, _mirror, _context])
        {
            if (arguments.GetResult(option) is { Implicit: false })
                throw CliException.BadUsage($"{option.Name} has no meaning for {entry.Name}: it is for {LinearGaussianLearner.Kind}.");
        }

        var target = Names.Target(arguments.GetValue(_target) ?? throw CliException.BadUsage($"{_target.Name} is needed: which function the {entry.Name} learns for. Known are {TargetCatalog.Names}."));
        int size = arguments.GetRequiredValue(_size);
        int channels = arguments.GetValue(_channels);
        Require.AtLeast<int>(_size.Name, size, 1);
        if (entry.Patch is { } patch && size % patch != 0)
            throw CliException.Failed($"{_size.Name} is {size}; the {entry.Name} cuts images into patches of {patch}, so choose a multiple of it, such as {(size / patch + 1) * patch}.");
        if (channels is not (1 or 3 or 4))
            throw CliException.Failed($"{_channels.Name} is {channels}; it must be 1, 3 or 4.");
        Require.AtLeast<int>(_steps.Name, arguments.GetValue(_steps), 0);
        Require.AtLeast<int>(_batch.Name, arguments.GetValue(_batch), 1);
        Require.Positive(_rate.Name, arguments.GetValue(_rate));
        Require.AtLeast(_inner.Name, arguments.GetValue(_inner), 0);
        Require.Positive(_minutes.Name, arguments.GetValue(_minutes));
        Require.AtLeast<int>(_checkpointEvery.Name, arguments.GetValue(_checkpointEvery), 1);
        Require.AtLeast(_depth.Name, arguments.GetValue(_depth), target.FewestLayers);
        if (arguments.GetValue(_inner) is not null && !entry.HasInnerSteps)
            throw CliException.BadUsage($"{_inner.Name} has no meaning for {entry.Name}: it has no inner steps.");
        string path = arguments.GetRequiredValue(_out);
        OutputFile.Check(_out.Name, path, MetaLearner.FileKind);
        string checkpoint = Path.ChangeExtension(path, ".checkpoint");
        OutputFile.Check(_out.Name, checkpoint);
        OutputFile.RequireDistinct(path, ("the checkpoint beside it", checkpoint), (CommonOptions.Json.Name, context.Json.Path));

        var training = MetaImages.Open(arguments.GetRequiredValue(_data), size, channels, arguments.GetValue(_recursive), context.Terminal);
        using var learner = Create(arguments, entry, target, size, channels, context);
        var options = new MetaTrainingOptions
        {
            Steps = arguments.GetValue(_steps),
            BatchSize = arguments.GetValue(_batch),
            LearningRate = arguments.GetValue(_rate),
            Seed = context.Seed,
            TimeLimit = arguments.GetValue(_minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
            HeldOut = arguments.GetValue(_heldOut) is { } folder ? MetaImages.Open(folder, size, channels, arguments.GetValue(_recursive), context.Terminal) : null,
            CheckpointPath = checkpoint,
            CheckpointEvery = arguments.GetValue(_checkpointEvery),
            ResumeFrom = arguments.GetValue(_resume),
        };

        long weights = learner.Weights.Sum(w => w.Tensor.numel());
        context.Terminal.WriteLine($"{entry.Name} for {target.Name}: {Text.Count(weights)} weights, {Text.Count(training.Count, "image")} of {size}×{size}");
        var result = learner.Train(training, options, new MetaLines(context.Terminal), context.Cancellation);
        learner.Save(path);
        context.Terminal.WriteLine(result.Message);
        foreach (var skipped in result.Skipped)
            context.Terminal.WriteLine($"skipped {skipped.Name}: {skipped.Reason}");
        context.Terminal.WriteLine($"saved {path}; {checkpoint} goes on with --resume");
        context.Json.Write(new ReportRow
        {
            Target = target.Name,
            Learner = entry.Name,
            Floats = ((ISignalFitter)learner).Target?.Layout.FloatCount,
            StoredBytes = new FileInfo(path).Length,
            SharedFloats = weights,
            Psnr = result.Psnr,
            HeldOutPsnr = result.HeldOutPsnr,
            FitSeconds = result.Elapsed.TotalSeconds,
            Steps = result.Steps,
            Device = context.DeviceName,
            Threads = context.Threads,
            Seed = context.Seed,
        });
        if (context.Cancellation.IsCancellationRequested)
            throw CliException.Failed($"Cancelled after {Text.Count(result.Steps, "step")}; the learner so far is in '{path}'.");
        return result.Skipped.Count > 0
            ? throw CliException.Failed($"{Text.Count(result.Skipped.Count, "image")} could not be read; the learner in '{path}' is that of the others.")
            : ExitCodes.Done;
    }

    // Linear algebra instead of outer steps: no rate, no batch, no checkpoint.
    private int RunClosedForm(ParseResult arguments, LearnerEntry entry, RunContext context)
    {
        int size = arguments.GetRequiredValue(_size);
        int channels = arguments.GetValue(_channels);
        Require.AtLeast<int>(_size.Name, size, 1);
        Require.AtLeast(_components.Name, arguments.GetValue(_components), 1);
        if (channels is not (1 or 3 or 4))
            throw CliException.Failed($"{_channels.Name} is {channels}; it must be 1, 3 or 4.");
        foreach (Option option in (Option[])[_steps, _batch, _rate, _minutes, _inner, _checkpointEvery, _resume])
        {
            if (arguments.GetResult(option) is { Implicit: false })
                throw CliException.BadUsage($"{option.Name} has no meaning for {entry.Name}: it is learned in closed form.");
        }

        var seen = ContextText.Read(_context.Name, arguments.GetValue(_context));
        string path = arguments.GetRequiredValue(_out);
        OutputFile.Check(_out.Name, path, MetaLearner.FileKind);
        OutputFile.RequireDistinct(path, (CommonOptions.Json.Name, context.Json.Path));
        ISignalDataset training = MetaImages.Open(arguments.GetRequiredValue(_data), size, channels, arguments.GetValue(_recursive), context.Terminal);
        if (!seen.IsFull)
            training = new ContextDataset(training, seen, context.Seed);
        var builder = InrBuilder.ForImages(channels, size).OnDevice(context.Device).WithSeed(context.Seed);
        string name = arguments.GetValue(_target) ?? CosineTarget.Kind;
        if (name == CosineTarget.Kind)
            builder.UseCosine();
        else
            Names.Target(name).Use(builder, new TargetSettings { Width = arguments.GetValue(_width), Depth = arguments.GetValue(_depth), Omega = arguments.GetValue(_omega) });
        using var learner = builder.UseLinearGaussian(o => o with
        {
            Components = arguments.GetValue(_components) ?? o.Components,
            MirrorAxis = arguments.GetValue(_mirror) ? 1 : null,
        }).Build();
        context.Terminal.WriteLine($"{entry.Name} for {name}: {Text.Count(training.Count, "image")} of {size}×{size}{(seen.IsFull ? "" : $", {seen}")}");
        var options = new MetaTrainingOptions
        {
            Seed = context.Seed,
            HeldOut = arguments.GetValue(_heldOut) is { } folder ? MetaImages.Open(folder, size, channels, arguments.GetValue(_recursive), context.Terminal) : null,
        };
        var result = learner.Train(training, options, new MetaLines(context.Terminal), context.Cancellation);
        context.Terminal.WriteLine(result.Message);
        if (result.Status == MetaTrainingStatus.Cancelled)
            throw CliException.Failed("Cancelled before the prior was there; nothing was saved.");
        learner.Save(path);
        foreach (var skipped in result.Skipped)
            context.Terminal.WriteLine($"skipped {skipped.Name}: {skipped.Reason}");
        context.Terminal.WriteLine($"saved {path}");
        context.Json.Write(new ReportRow
        {
            Target = name,
            Learner = entry.Name,
            Floats = ((LinearGaussianLearner)learner).Components,
            StoredBytes = new FileInfo(path).Length,
            SharedFloats = learner.Weights.Sum(w => w.Tensor.numel()),
            Psnr = result.Psnr,
            HeldOutPsnr = result.HeldOutPsnr,
            FitSeconds = result.Elapsed.TotalSeconds,
            Device = context.DeviceName,
            Threads = context.Threads,
            Seed = context.Seed,
        });
        return result.Skipped.Count > 0
            ? throw CliException.Failed($"{Text.Count(result.Skipped.Count, "image")} could not be read; the learner in '{path}' is that of the others.")
            : ExitCodes.Done;
    }

    private IMetaLearner Create(ParseResult arguments, LearnerEntry entry, TargetEntry target, int size, int channels, RunContext context)
    {
        var settings = new TargetSettings
        {
            Floats = arguments.GetValue(_floats),
            Width = arguments.GetValue(_width),
            Depth = arguments.GetValue(_depth),
            Omega = arguments.GetValue(_omega),
        };
        if (settings.Floats is not null)
            settings = target.Budget.Spend(target, settings, new SignalShape(2, channels));
        var builder = InrBuilder.ForImages(channels, size).OnDevice(context.Device).WithSeed(context.Seed);
        target.Use(builder, settings);
        return entry.Use(builder, arguments.GetValue(_inner)).Build();
    }
}
