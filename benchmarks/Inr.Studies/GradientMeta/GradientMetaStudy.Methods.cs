using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

internal static partial class GradientMetaStudy
{
    // The members of the family on equal terms: the same target, the same faces, the same training time.
    private static void Methods(StudyArguments o)
    {
        string data = o.Text("data");
        int size = o.Int("size");
        double seconds = o.Number("seconds");
        string clock = o.Text("clock");
        var train = StudyImages.Open(Path.Combine(data, "train"), size);
        using var faces = Batches(StudyImages.Open(Path.Combine(data, "test"), size), 25, o.Int("limit"));
        var target = new Siren(2, 3, new SirenOptions { Width = o.Int("width"), HiddenLayers = 3, OutputOffset = 0.5 });
        Print($"SIREN 2-{o.Int("width")}×3-3, {target.Layout.FloatCount} floats, faces of {size}×{size}, {seconds:0} {clock} seconds of training each on {torch.get_num_threads()} threads, batch 8, half of the samples a step, cosine from the rate given.");
        Print($"");
        var table = new StudyTable("method", "numbers per signal", "outer rate", "outer steps", "inner steps K", "PSNR after K, dB", "after 4K, dB", "one signal, K steps, ms");
        string only = o.Text("only");
        foreach (var (name, method, rate) in Members().Where(m => only.Length == 0 || only.Split(',').Contains(m.Name)))
        {
            using var learner = new GradientMetaLearner(target, method);
            var spent = new SpentTime(clock);
            using var stop = new CancellationTokenSource();
            spent.Start();
            var result = learner.Train(train, new MetaTrainingOptions
            {
                Steps = int.MaxValue,
                BatchSize = 8,
                LearningRate = rate,
                Schedule = new LearningRateSchedule((_, _) => Decay(spent.Seconds / seconds, o)),
                ContextFraction = 0.5,
                QueryFraction = 0.5,
                ReportEvery = 1,
            }, new Looks(_ =>
            {
                if (spent.Seconds >= seconds)
                    stop.Cancel();
            }), stop.Token);
            int k = learner.InnerSteps;
            table.Add($"{name}", $"{learner.AdaptedFloatCount}", $"{rate}", $"{result.Steps}", $"{k}", $"{Psnr(learner, faces, k):0.00}", $"{Psnr(learner, faces, 4 * k):0.00}", $"{AdaptMilliseconds(learner, faces):0.0}");
        }
    }

    private static IEnumerable<(string Name, GradientMetaOptions Method, double Rate)> Members()
    {
        yield return ("maml", GradientMethods.Maml(), 1e-3);
        yield return ("fomaml", GradientMethods.FirstOrderMaml(), 1e-3);
        yield return ("meta-sgd", GradientMethods.MetaSgd(), 1e-3);
        yield return ("metasdf", GradientMethods.MetaSdf(), 1e-3);
        yield return ("reptile", GradientMethods.Reptile(), 1e-3);
        yield return ("anil", GradientMethods.Anil(), 1e-3);
        var solved = GradientMethods.Maml();
        solved = solved with { SolveLinearPart = true };
        yield return ("maml + solved layer", solved, 1e-3);
        yield return ("gradncp", GradientMethods.GradNcp(), 1e-3);
        yield return ("cavia", GradientMethods.Cavia(), 1e-3);
        yield return ("coin++", GradientMethods.CoinPlusPlus(), 1e-3);
        yield return ("functa", GradientMethods.Functa(), 1e-3);
    }

    private static double AdaptMilliseconds(GradientMetaLearner learner, BatchList faces)
    {
        using var one = faces.First(1, 1);
        return Enumerable.Range(0, 7).Min(_ => Time(() => learner.Adapt(one.Batches[0]).Dispose()));
    }
}
