using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;
using static TorchSharp.torch;

namespace Inr.Cli.Fitting;

/// <summary><c>inr fit FOLDER</c> where the folder holds the posed views of a scene: a radiance field, judged on views that it has not seen.</summary>
internal sealed class SceneFit
{
    /// <summary>The name of the only target function of scenes.</summary>
    public const string Target = NerfMlp.Kind;

    /// <summary>The side that views are resized to unless the user says otherwise.</summary>
    public const int DefaultSize = 100;

    /// <summary>Gradient steps where neither steps nor a time were given.</summary>
    public const int DefaultSteps = 5_000;

    private const int HoldOutEvery = 8;
    private const int FewestViews = 3;
    private const int NamedFailures = 3;

    private readonly string _folder;
    private readonly SceneSettings _settings;
    private readonly RunContext _context;

    /// <param name="folder">A folder with <c>transforms_train.json</c>.</param>
    /// <param name="settings">What the user chose.</param>
    /// <param name="context">Where to run.</param>
    public SceneFit(string folder, SceneSettings settings, RunContext context)
    {
        Require.AtLeast("--steps", settings.Steps, 1);
        Require.Positive("--seconds", settings.Seconds);
        Require.Positive("--lr", settings.LearningRate);
        Require.AtLeast("--size", settings.Size, 8);
        Require.AtLeast("--width", settings.Width, 1);
        Require.AtLeast("--depth", settings.Depth, 1);
        _folder = folder;
        _settings = settings;
        _context = context;
    }

    /// <summary>Fits the scene, prints what was reached, and writes what was asked for.</summary>
    /// <param name="representationPath">Where the field goes; null for nowhere.</param>
    /// <param name="picturePath">Where the first held-out view goes; null for nowhere.</param>
    /// <returns>The exit code.</returns>
    public int Run(string? representationPath, string? picturePath)
    {
        var (training, heldOut) = LoadViews();
        using (training)
        using (heldOut)
        {
            var terminal = _context.Terminal;
            terminal.WriteLine($"{training.Count} views to learn from, {heldOut.Count} held out, {training.Views.Width}×{training.Views.Height}");
            var fitter = CreateFitter();
            using var result = terminal.Track(Target, progress => fitter.Fit(training, heldOut, progress, _context.Cancellation));
            var row = Measure(result, representationPath);
            terminal.WriteTable(
                ["target", "floats", "stored", "held-out PSNR", "worst view", "steps", "fit s"],
                [[Target, Text.Count(row.Floats), Text.Bytes(row.StoredBytes), Text.Decibels(row.HeldOutPsnr), Text.Decibels(row.MinPsnr), Text.Count(row.Steps), Text.Seconds(row.FitSeconds)]]);
            if (representationPath is not null)
                terminal.WriteLine($"saved {representationPath}");
            if (picturePath is not null)
            {
                RenderFirst(fitter, result.Representation, heldOut, picturePath);
                terminal.WriteLine($"rendered the held-out view '{heldOut.Names[0]}' to {picturePath}");
            }

            _context.Json.Write(row);
            return result.Status == FitStatus.Cancelled
                ? throw CliException.Failed($"Cancelled after {result.Steps} steps; {(representationPath is null ? "there was no --out to keep the state in" : $"the state is in '{representationPath}'")}.")
                : ExitCodes.Done;
        }
    }

    private (NerfScene Training, NerfScene HeldOut) LoadViews()
    {
        int size = _settings.Size ?? DefaultSize;
        var training = NerfScene.Load(_folder, "train", size);
        try
        {
            Warn(training);
            if (File.Exists(Path.Combine(_folder, "transforms_test.json")))
            {
                if (training.Count < FewestViews - 1)
                    throw TooFew(training.Count, FewestViews - 1);
                var test = NerfScene.Load(_folder, "test", size);
                Warn(test);
                return (training, test);
            }

            if (training.Count < FewestViews)
                throw TooFew(training.Count, FewestViews);
            _context.Terminal.WriteLine($"note: there is no transforms_test.json, so every {HoldOutEvery}th view is held out.");
            using (training)
                return training.HoldOut(HoldOutEvery);
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }

    private CliException TooFew(int count, int needed) =>
        CliException.Failed($"'{_folder}' has {Text.Count(count, "view")} to learn from; a scene needs at least {needed}, from different sides.");

    private void Warn(NerfScene scene)
    {
        foreach (var skipped in scene.Skipped.Take(NamedFailures))
            _context.Terminal.WriteLine($"warning: left out '{skipped.Name}': {skipped.Reason}");
        if (scene.Skipped.Count > NamedFailures)
            _context.Terminal.WriteLine($"warning: left out {scene.Skipped.Count - NamedFailures} more pictures that cannot be read.");
    }

    private NerfSceneFitter CreateFitter()
    {
        var shape = new NerfMlpOptions { Width = _settings.Width ?? 128, Depth = _settings.Depth ?? 5, EncodingSize = 20, ViewDirections = _settings.ViewDirections };
        var options = new NerfFitOptions
        {
            // A time alone ends the fit by itself.
            Steps = _settings.Steps ?? (_settings.Seconds is null ? DefaultSteps : int.MaxValue),
            TimeLimit = _settings.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Seed = _context.Seed,
            Device = _context.Device.Resolve(),
        };
        options = options with { LearningRate = _settings.LearningRate ?? options.LearningRate };
        return new NerfSceneFitter(new NerfMlp(shape), options);
    }

    private ReportRow Measure(NerfFitResult result, string? path)
    {
        using var stream = new MemoryStream();
        result.Representation.Save(stream);
        if (path is not null)
            result.Representation.Save(path);
        return new ReportRow
        {
            Signal = Path.GetFileName(Path.GetFullPath(_folder).TrimEnd(Path.DirectorySeparatorChar)),
            Target = Target,
            Floats = result.Representation.FloatCount,
            StoredBytes = stream.Length,
            Bits = result.Representation.BitCount,
            HeldOutPsnr = result.HeldOutPsnr,
            MaxPsnr = result.HeldOutPsnrs.Max(),
            MinPsnr = result.HeldOutPsnrs.Min(),
            FitSeconds = result.Elapsed.TotalSeconds,
            Steps = result.Steps,
            Device = _context.DeviceName,
            Threads = _context.Threads,
            Seed = _context.Seed,
        };
    }

    private static void RenderFirst(NerfSceneFitter fitter, ImplicitRepresentation field, NerfScene heldOut, string path)
    {
        using var scope = NewDisposeScope();
        var views = heldOut.Views;
        var picture = fitter.Render(field, views.Poses[0].narrow(0, 0, 1), views.Focals[0].narrow(0, 0, 1), views.Height, views.Width).Single();
        SavePicture(picture, path);
    }

    /// <summary>Writes a rendered view [H,W,3] and disposes of it.</summary>
    public static void SavePicture(Tensor picture, string path)
    {
        using (picture)
        using (var rows = picture.reshape(-1, 3))
        using (var signal = Signal.FromGrid(rows, [(int)picture.shape[0], (int)picture.shape[1]]))
            signal.SavePng(path);
    }
}
