using Inr.Meta;
using Inr.Parameterizations;
using Inr.Scenes;

namespace Inr.Studies;

internal static partial class TransformerStudy
{
    // A radiance field of one scene, judged on views that it did not see.
    private static void Scene(StudyArguments options)
    {
        string folder = options.Text("data");
        int size = options.Int("size");
        using var training = NerfScene.Load(folder, "train", size);
        using var test = NerfScene.Load(folder, "test", size, options.Int("limit"));
        var field = new NerfMlp(new NerfMlpOptions { Width = options.Int("width"), Depth = options.Int("depth"), EncodingSize = options.Int("encoding") });
        var fitter = new NerfSceneFitter(field, new NerfFitOptions
        {
            Steps = options.Int("steps"),
            TimeLimit = TimeSpan.FromMinutes(options.Number("minutes")),
            PointsPerStep = options.Int("batch"),
            GridResolution = options.Int("grid"),
            GridFrom = options.Int("from"),
            GridEvery = options.Int("every"),
            UseSilhouettes = options.Int("carve") > 0,
            RaysPerStep = options.Int("rays"),
            LearningRate = options.Number("rate"),
            PointsPerRay = options.Int("points"),
            ReportEvery = options.Int("report"),
        });
        Print($"{field.Layout.FloatCount} floats; {training.Count} views to learn from, {test.Count} held out, {size}×{size}.\n");
        var table = new StudyTable("minutes", "steps", "training, dB");
        using var result = fitter.Fit(training, test, new SceneRows(table, options.Int("print")));
        Print($"\n{result.Steps} steps in {result.Elapsed.TotalMinutes:0.0} minutes: {result.HeldOutPsnr:0.00} dB on held-out views (worst {result.HeldOutPsnrs.Min():0.00}); {100 * result.OccupiedFraction:0.0} % of space evaluated.");
        if (options.Text("out") is { Length: > 0 } file)
            result.Representation.Save(file);
    }

    private sealed class SceneRows(StudyTable table, int every) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Step % every == 0)
                table.Add($"{value.Elapsed.TotalMinutes:0.0}", $"{value.Step}", $"{value.Psnr:0.00}");
        }
    }
}
