using Inr.Meta;
using Inr.Optimization;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

internal static partial class GradientMetaStudy
{
    // Learned initialization on small faces: PSNR over training time and over inner steps, beside a standard initialization.
    private static void Faces(StudyArguments o)
    {
        TorchRuntime.KeepFreedMemory();
        string data = o.Text("data");
        var train = StudyImages.Open(Path.Combine(data, "train"), 64);
        var test = StudyImages.Open(Path.Combine(data, "test"), 64);
        int limit = Math.Min(test.Count, o.Int("limit"));
        double[] budgets = o.Numbers("seconds");
        string clock = o.Text("clock");
        double rate = o.Number("rate");
        var target = new Siren(2, 3, new SirenOptions
        {
            Width = 128,
            HiddenLayers = o.Int("hidden"),
            FirstOmega = o.Number("omega"),
            HiddenOmega = o.Number("omega"),
            OutputOffset = 0.5,
        });
        var method = GradientMethods.MetaSgd();
        method = method with
        {
            InnerSteps = o.Int("steps"),
            StepSize = o.Number("step-size"),
            StepSizeRateScale = o.Number("size-rate-scale"),
        };
        using var learner = new GradientMetaLearner(target, method);

        using var faces = Batches(test, 20, limit);
        Print($"SIREN 2-128×{o.Int("hidden")}-3, {target.Layout.FloatCount} floats; {train.Count} training faces, the first {limit} test faces; budgets in {clock} seconds, {torch.get_num_threads()} threads.");
        Print($"");
        var table = new StudyTable("training time, s", "outer steps", "PSNR after 2 steps, dB");
        table.Add("0", "0", $"{Psnr(learner, faces, 2):0.00}");
        var spent = new SpentTime(clock);
        int next = 0;
        using var stop = new CancellationTokenSource();
        var looks = new Looks(step =>
        {
            if (spent.Seconds < budgets[next])
                return;
            spent.Stop();
            table.Add($"{budgets[next]:0}", $"{step}", $"{Psnr(learner, faces, 2):0.00}");
            if (++next == budgets.Length)
                stop.Cancel();
            spent.Start();
        });
        spent.Start();
        learner.Train(train, new MetaTrainingOptions
        {
            Steps = int.MaxValue,
            BatchSize = o.Int("batch"),
            LearningRate = rate,
            // Over the time of the whole run: a budget in seconds does not know its steps.
            Schedule = new LearningRateSchedule((_, _) => Decay(spent.Seconds / budgets[^1], o)),
            ContextFraction = o.Number("context"),
            QueryFraction = o.Number("query"),
            ClipNorm = o.Number("clip") is > 0 and var clip ? clip : null,
            ReportEvery = 1,
        }, looks, stop.Token);
        if (o.Text("details") == "yes")
            FaceDetails(target, learner, faces, o);
        if (o.Text("out") is { Length: > 0 } path)
            learner.Save(path);
    }

    private static double Decay(double share, StudyArguments o)
    {
        double warm = Math.Min(1, share / 0.02);
        double final = o.Number("final");
        return warm * (final + (1 - final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, share))));
    }

    private static void FaceDetails(Siren target, GradientMetaLearner learner, BatchList faces, StudyArguments o)
    {
        int[] steps = [1, 2, 4, 8, 16];
        double[] learned = Trajectory(learner, faces, steps[^1], int.MaxValue);
        int fewer = o.Int("fewer");
        var standard = o.Numbers("standard-rates").Select(rate =>
        {
            using var untrained = new GradientMetaLearner(target, new GradientMetaOptions { StepSize = rate });
            return (Psnr: Trajectory(untrained, faces, steps[^1], fewer), Rate: rate);
        }).ToArray();
        Print($"");
        var table = new StudyTable("inner steps", "learned initialization, dB", $"standard initialization at its best rate, dB ({fewer} faces)", "that rate");
        foreach (int k in steps)
        {
            var best = standard.MaxBy(s => s.Psnr[k]);
            table.Add($"{k}", $"{learned[k]:0.00}", $"{best.Psnr[k]:0.00}", $"{best.Rate}");
        }

        int count = o.Int("scratch-faces");
        var scratch = o.Numbers("adam-rates").Select(rate => (Psnr: Scratch(target, faces, count, 100, rate), Rate: rate)).MaxBy(r => r.Psnr);
        Print($"");
        Print($"{count} faces: {Trajectory(learner, faces, 2, count)[2]:0.00} dB after 2 steps from the learned initialization; {scratch.Psnr:0.00} dB after 100 steps of Adam from scratch (rate {scratch.Rate}, the better of those tried).");
    }

    // The mean PSNR after 0, 1, … steps: a step's loss is the one at the parameters before it.
    private static double[] Trajectory(GradientMetaLearner learner, BatchList faces, int steps, int limit)
    {
        var sums = new double[steps + 1];
        int count = 0;
        foreach (var batch in faces.Batches)
        {
            for (long i = 0; i < batch.Count && count < limit; i++, count++)
            {
                using var face = new Signal(batch.Coordinates.clone(), batch.Values[i].clone(), batch.Domain);
                using var result = learner.Fit(face, steps);
                for (int k = 0; k < steps; k++)
                    sums[k] += -10 * Math.Log10(result.History[k].Loss);
                sums[steps] += result.Psnr;
            }
        }

        return [.. sums.Select(s => s / count)];
    }

    private static double Scratch(Siren target, BatchList faces, int count, int steps, double rate)
    {
        using var fitter = new GradientFitter(target, new GradientFitterOptions { Steps = steps, LearningRate = rate });
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            var batch = faces.Batches[0];
            using var face = new Signal(batch.Coordinates.clone(), batch.Values[i].clone(), batch.Domain);
            using var result = fitter.Fit(face);
            sum += result.Psnr;
        }

        return sum / count;
    }

    // The mean of the PSNR of each face, unclamped.
    private static double Psnr(GradientMetaLearner learner, BatchList faces, int steps)
    {
        double sum = 0;
        long count = 0;
        foreach (var batch in faces.Batches)
        {
            using var scope = torch.NewDisposeScope();
            using var adapted = learner.Adapt(batch, steps);
            using var _ = torch.no_grad();
            var errors = (learner.Target.Evaluate(adapted, batch.Coordinates) - batch.Values).square().mean([1, 2]);
            sum += (errors.log10() * -10).sum().item<float>();
            count += batch.Count;
        }

        return sum / count;
    }

    private static BatchList Batches(ISignalDataset folder, int size, int limit)
    {
        var batches = new List<SignalBatch>();
        for (int start = 0; start < limit; start += size)
        {
            var signals = Enumerable.Range(start, Math.Min(size, limit - start)).Select(folder.Load).ToArray();
            batches.Add(SignalBatch.Stack(signals));
            foreach (var s in signals)
                s.Dispose();
        }

        return new BatchList(batches, owns: true);
    }

    private sealed class BatchList(IReadOnlyList<SignalBatch> batches, bool owns) : IDisposable
    {
        public IReadOnlyList<SignalBatch> Batches { get; } = batches;

        /// <summary>The first batches, or the first signals of the first one; not owned.</summary>
        public BatchList First(int count, int? signals = null) => signals is { } n
            ? new BatchList([new SignalBatch(Batches[0].Coordinates.clone(), Batches[0].Values.narrow(0, 0, n).clone(), null, Batches[0].Domain)], owns: true)
            : new BatchList([.. Batches.Take(count)], owns: false);

        public void Dispose()
        {
            if (!owns)
                return;
            foreach (var b in Batches)
                b.Dispose();
        }
    }

    private sealed class Looks(Action<int> afterStep) : IProgress<MetaTrainingProgress>
    {
        public void Report(MetaTrainingProgress value) => afterStep(value.Step);
    }
}
