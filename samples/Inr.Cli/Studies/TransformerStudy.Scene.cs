using Inr.Meta;
using Inr.Parameterizations;

namespace Inr.Cli.Studies;

public static partial class TransformerStudy
{
    // A radiance field of one scene, judged on views that it did not see.
    private static void Scene(StudyArguments options)
    {
        string folder = options.Text("data", Path.Combine(Shared, "data", "nerf-lego"));
        int size = options.Int("size", 100);
        using var training = NerfScene.Load(folder, "train", size);
        using var test = NerfScene.Load(folder, "test", size, options.Int("limit", 25));
        var field = new NerfMlp(new NerfMlpOptions { Width = options.Int("width", 128), Depth = options.Int("depth", 5), EncodingSize = options.Int("encoding", 20) });
        var fitter = new NerfSceneFitter(field, new NerfFitOptions
        {
            Steps = options.Int("steps", 1_000_000),
            TimeLimit = TimeSpan.FromMinutes(options.Number("minutes", 30)),
            PointsPerStep = options.Int("batch", 16_384),
            GridResolution = options.Int("grid", 128),
            GridFrom = options.Int("from", 256),
            GridEvery = options.Int("every", 64),
            UseSilhouettes = options.Int("carve", 1) > 0,
            RaysPerStep = options.Int("rays", 4_096),
            LearningRate = options.Number("rate", 3e-3),
            PointsPerRay = options.Int("points", 128),
            ReportEvery = options.Int("report", 100),
        });
        Print($"{field.Layout.FloatCount} floats; {training.Count} views to learn from, {test.Count} held out, {size}×{size}.\n");
        Print($"| minutes | steps | training, dB |");
        Print($"|---|---|---|");
        using var result = fitter.Fit(training, test, new SceneRows(options.Int("print", 500)));
        Print($"\n{result.Steps} steps in {result.Elapsed.TotalMinutes:0.0} minutes: {result.HeldOutPsnr:0.00} dB on held-out views (worst {result.HeldOutPsnrs.Min():0.00}); {100 * result.OccupiedFraction:0.0} % of space evaluated.");
        if (options.Text("out", "") is { Length: > 0 } file)
            result.Representation.Save(file);
    }

    private sealed class SceneRows(int every) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Step % every == 0)
                Print($"| {value.Elapsed.TotalMinutes:0.0} | {value.Step} | {value.Psnr:0.00} |");
        }
    }
}
