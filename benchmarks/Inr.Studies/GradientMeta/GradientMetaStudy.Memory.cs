using System.Diagnostics;
using System.Globalization;
using Inr.Meta;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

internal static partial class GradientMetaStudy
{
    // Peak resident memory while adapting, over the number of inner steps. Each measurement is a process of its own,
    // because the allocator hands nothing back; a first adaptation loads and compiles what every process needs.
    private static void AdaptMemory(StudyArguments o)
    {
        if (o.Text("inner") is { Length: > 0 } inner)
        {
            var target = Small(o);
            using var learner = new GradientMetaLearner(target, GradientMethods.Maml());
            using var tasks = RandomTasks(4, o.Int("points"));
            learner.Adapt(tasks, 64).Dispose();
            File.WriteAllText("/proc/self/clear_refs", "5");
            learner.Adapt(tasks, int.Parse(inner, CultureInfo.InvariantCulture)).Dispose();
            Print($"peak {Resident("VmHWM")}");
            return;
        }

        var table = new StudyTable("inner steps", "peak memory of the process while adapting, MB");
        foreach (int steps in new[] { 1, 10, 100, 1000 })
            table.Add($"{steps}", $"{Child("--inner", steps.ToString(CultureInfo.InvariantCulture)):0.0}");
    }

    // Peak resident memory of one outer gradient over 32 inner steps, with stored and with recomputed graphs.
    private static void UnrollMemory(StudyArguments o)
    {
        if (o.Text("recompute") is { Length: > 0 } recompute)
        {
            using var learner = Unrolled(o, recompute == "yes");
            using var tasks = new MetaBatch(RandomTasks(4, o.Int("points")));
            using var generator = new torch.Generator(0);
            ReportPeak(() => OuterGradientOf(learner, tasks, generator));
            return;
        }

        double stored = Child("--recompute", "no");
        double recomputed = Child("--recompute", "yes");
        var table = new StudyTable("outer gradient over 32 inner steps", "peak memory, MB");
        table.Add("stored graphs", $"{stored:0}");
        table.Add("recomputed steps", $"{recomputed:0} ({100 * recomputed / stored:0.0} %)");
        Print($"");
        Print($"Largest difference of the two gradients, relative: {GradientDifference(o):0.0e+0}.");
    }

    private static double GradientDifference(StudyArguments o)
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = new MetaBatch(RandomTasks(4, 256));
        torch.Tensor Gradient(bool recompute)
        {
            using var learner = Unrolled(o, recompute);
            using var generator = new torch.Generator(0);
            return learner.AsObjective().Differentiate(tasks, generator).Gradients[0];
        }

        var a = Gradient(false);
        var b = Gradient(true);
        return ((a - b).abs().max() / a.abs().max()).item<float>();
    }

    private static GradientMetaLearner Unrolled(StudyArguments o, bool recompute)
    {
        var options = GradientMethods.Maml();
        options = options with { InnerSteps = 32, RecomputeSteps = recompute };
        return new GradientMetaLearner(Small(o), options);
    }

    // 500 outer steps: the number of live tensors must not move.
    private static void Leaks(StudyArguments o)
    {
        using var learner = new GradientMetaLearner(new Siren(2, 3, new SirenOptions { Width = 16, HiddenLayers = 1, OutputOffset = 0.5 }), GradientMethods.MetaSgd());
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        var signals = Enumerable.Range(0, 8).Select(i => Signal.FromGrid(torch.rand([64, 3], torch.float32, generator: generator), [8, 8], $"task {i}")).ToArray();
        var counts = new List<(int Step, long Live)>();
        learner.Train(new SignalList(signals), new MetaTrainingOptions { Steps = 500, ReportEvery = 1 }, new Looks(step =>
        {
            if (step % 100 == 0 || step == 10)
                counts.Add((step, DisposeScopeManager.Statistics.ThreadTotalLiveCount));
        }));
        var table = new StudyTable("outer steps", "live tensors");
        foreach (var (step, live) in counts)
            table.Add($"{step}", $"{live}");
    }

    private static Siren Small(StudyArguments o) => new(2, 3, new SirenOptions { Width = o.Int("width"), HiddenLayers = 3, OutputOffset = 0.5 });

    // The growth of the peak above what the process held before, after a small first run has loaded every kernel.
    private static void ReportPeak(Action action)
    {
        GC.Collect();
        long before = Resident("VmRSS");
        action();
        Console.WriteLine(FormattableString.Invariant($"peak {Resident("VmHWM") - before}"));
    }

    private static long Resident(string field) =>
        long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static double Child(params string[] arguments)
    {
        // `dotnet Inr.Studies.dll gradient-meta …` or the native host: the same program with the user's own arguments and some more.
        string host = Environment.ProcessPath!;
        string[] own = Environment.GetCommandLineArgs();
        bool viaDotnet = Path.GetFileNameWithoutExtension(host) == "dotnet";
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true };
        // Neither garbage that nobody collected yet nor recompiled code is what is measured: the youngest generation stays
        // below 4 MB, and code is compiled once.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_GCgen0size"] = "400000";
        foreach (string a in own[(viaDotnet ? 0 : 1)..].Concat(arguments))
            start.ArgumentList.Add(a);
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string line = output.Split('\n').First(l => l.StartsWith("peak ", StringComparison.Ordinal));
        return long.Parse(line[5..], CultureInfo.InvariantCulture) / 1024.0;
    }
}
