using System.Globalization;
using Inr.Cli.Output;
using Inr.Cli.Runtime;
using Inr.Evaluation;
using Inr.Files;
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

    /// <summary>The longer side that views are resized to unless the user says otherwise.</summary>
    public const int DefaultSize = 100;

    /// <summary>Gradient steps where neither steps nor a time were given.</summary>
    public const int DefaultSteps = 5_000;

    private const int HoldOutEvery = 8;
    private const int FewestViews = 3;
    private const int NamedFailures = 3;

    private readonly string _folder;
    private readonly SceneSettings _settings;
    private readonly RunContext _context;

    /// <param name="folder">A folder with <c>transforms_train.json</c> or <c>transforms.json</c>.</param>
    /// <param name="settings">What the user chose.</param>
    /// <param name="context">Where to run.</param>
    public SceneFit(string folder, SceneSettings settings, RunContext context)
    {
        Require.AtLeast("--steps", settings.Steps, 1);
        Require.Positive("--seconds", settings.Seconds);
        Require.Positive("--lr", settings.LearningRate);
        Require.AtLeast("--size", settings.Size?.Width, 8);
        Require.AtLeast("--size", settings.Size?.Height, 8);
        Require.AtLeast("--holdout", settings.HoldOut, 2);
        Require.AtLeast("--near", settings.Near, 0);
        Require.Positive("--far", settings.Far);
        Require.Positive("--bounds", settings.HalfWidth);
        if (settings.Near >= settings.Far)
            throw CliException.Failed(string.Create(CultureInfo.InvariantCulture, $"--near is {settings.Near} and --far {settings.Far}; near must be less."));
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
            terminal.WriteLine($"{Text.Count(training.Count, "view")} to learn from, {heldOut.Count} held out, {training.Views.Width}×{training.Views.Height}");
            if (training.Space != SceneSpace.Standard)
                terminal.WriteLine(Describe(training.Space));
            var fitter = CreateFitter();
            using var result = terminal.Track(Target, progress => fitter.Fit(training, heldOut, progress, _context.Cancellation));
            // Before anything that can fail: the fit took the time.
            if (representationPath is not null && result.Steps > 0)
                result.Representation.Save(representationPath);
            if (result.Status == FitStatus.Cancelled || result.HeldOutPsnrs.Count == 0)
                throw CliException.Failed($"Cancelled after {Text.Count(result.Steps, "step")}; {(representationPath is null ? "there was no --out to keep the state in" : result.Steps > 0 ? $"the state is in '{representationPath}'" : "nothing was written")}.");
            var row = Measure(result);
            terminal.WriteTable(
                ["target", "floats", "stored", "held-out PSNR", "worst view", "steps", "fit s"],
                [[Target, Text.Count(row.Floats), Text.Bytes(row.StoredBytes), Text.Decibels(row.HeldOutPsnr), Text.Decibels(row.MinPsnr), Text.Count(row.Steps), Text.Seconds(row.FitSeconds)]]);
            if (representationPath is not null)
                terminal.WriteLine($"saved {representationPath}");
            _context.Json.Write(row);
            Show(fitter, result, heldOut, picturePath);
            return ExitCodes.Done;
        }
    }

    private (NerfScene Training, NerfScene HeldOut) LoadViews()
    {
        var options = new NerfSceneOptions
        {
            Size = _settings.Size ?? ImageSize.Square(DefaultSize),
            Near = _settings.Near,
            Far = _settings.Far,
            HalfWidth = _settings.HalfWidth,
            Center = _settings.Center,
        };
        var training = NerfScene.Load(_folder, "train", options, _context.Cancellation);
        try
        {
            Warn(training);
            foreach (string note in training.Notes)
                _context.Terminal.WriteLine($"note: {note}");
            if (_settings.HoldOut is null && Array.Find(["test", "val"], split => NerfScene.HasSplit(_folder, split)) is { } judged)
            {
                if (training.Count < FewestViews - 1)
                    throw TooFew(training.Count, FewestViews - 1);
                var test = NerfScene.Load(_folder, judged, options with { Space = training.Space }, _context.Cancellation);
                Warn(test);
                return (training, test);
            }

            if (training.Count < FewestViews)
                throw TooFew(training.Count, FewestViews);
            int every = _settings.HoldOut ?? HoldOutEvery;
            _context.Terminal.WriteLine(_settings.HoldOut is null
                ? $"note: there is no transforms_test.json, so every {HoldOutEvery}th view is held out (--holdout)."
                : $"note: every {Ordinal(every)} view is held out.");
            using (training)
                return training.HoldOut(every);
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
            _context.Terminal.WriteLine($"warning: left out {InputFile.Quote(skipped.Name)}: {skipped.Reason}");
        if (scene.Skipped.Count > NamedFailures)
            _context.Terminal.WriteLine($"warning: left out {scene.Skipped.Count - NamedFailures} more pictures that cannot be read.");
    }

    private static string Ordinal(int number) => string.Create(CultureInfo.InvariantCulture, $"{number}{(number % 100 / 10 == 1 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })}");

    private static string Describe(SceneSpace space) => string.Create(CultureInfo.InvariantCulture,
        $"scene within {space.HalfWidth:0.####} of ({space.CenterX:0.####}, {space.CenterY:0.####}, {space.CenterZ:0.####}), seen from depth {space.Near:0.####} to {space.Far:0.####}");

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

    private ReportRow Measure(NerfFitResult result)
    {
        // A view of background alone is matched without an error, which says nothing.
        double[] judged = [.. result.HeldOutPsnrs.Where(double.IsFinite)];
        if (judged.Length == 0)
            throw CliException.Failed($"The held-out views of '{_folder}' show nothing but background, so that there is nothing to judge. Hold others out (--holdout), or look at the poses.");
        if (judged.Length < result.HeldOutPsnrs.Count)
            _context.Terminal.WriteLine($"note: {Text.Count(result.HeldOutPsnrs.Count - judged.Length, "held-out view")} of background alone not judged.");
        using var stream = new MemoryStream();
        result.Representation.Save(stream);
        return new ReportRow
        {
            Signal = Path.GetFileName(Path.GetFullPath(_folder).TrimEnd(Path.DirectorySeparatorChar)),
            Target = Target,
            Floats = result.Representation.FloatCount,
            StoredBytes = stream.Length,
            Bits = result.Representation.BitCount,
            HeldOutPsnr = result.HeldOutPsnr,
            MaxPsnr = judged.Max(),
            MinPsnr = judged.Min(),
            FitSeconds = result.Elapsed.TotalSeconds,
            Steps = result.Steps,
            Device = _context.DeviceName,
            Threads = _context.Threads,
            Seed = _context.Seed,
        };
    }

    // The first view that shows something.
    private void Show(NerfSceneFitter fitter, NerfFitResult result, NerfScene heldOut, string? picturePath)
    {
        if (picturePath is null)
            return;
        using var scope = NewDisposeScope();
        int view = result.HeldOutPsnrs.ToList().FindIndex(double.IsFinite);
        var picture = fitter.Render(result.Representation, [heldOut.Cameras[view]], _context.Cancellation).Single();
        double psnr = Psnr.Of(heldOut.Views.Images[0, view], picture);
        SavePicture(picture, picturePath, result.Representation.Format);
        _context.Terminal.WriteLine($"rendered the held-out view '{heldOut.Names[view]}' to {picturePath}: {Text.Decibels(psnr)} dB");
    }

    /// <summary>The files of a scene, which nothing may overwrite; none where its poses cannot be read, which is said when they are.</summary>
    /// <param name="path">Its folder, or a file of poses.</param>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        try
        {
            return NerfScene.Files(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is SignalLoadException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Writes a rendered view [H,W,3], as fine as the pictures that it was learned from, and disposes of it.</summary>
    public static void SavePicture(Tensor picture, string path, SampleFormat? format)
    {
        using (picture)
        using (var rows = picture.reshape(-1, 3))
        using (var signal = Signal.OnGrid(rows, SignalDomain.Grid([(int)picture.shape[0], (int)picture.shape[1]]), format: format))
            signal.SavePng(path);
    }
}
