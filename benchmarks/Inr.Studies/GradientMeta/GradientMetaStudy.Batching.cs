using System.Diagnostics;
using Inr.Meta;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

internal static partial class GradientMetaStudy
{
    // One second-order outer gradient with three inner steps: all tasks in one call, and the same task by task.
    private static void Batching(StudyArguments o)
    {
        var table = new StudyTable("tasks × points × SIREN", "batched, best ms", "task by task, best ms", "faster by");
        foreach (var (tasks, points, width) in new[] { (4, 1024, 256), (8, 256, 32) })
        {
            var target = new Siren(2, 3, new SirenOptions { Width = width, HiddenLayers = o.Int("hidden"), OutputOffset = 0.5 });
            var options = GradientMethods.Maml();
            options = options with { InnerSteps = 3, SamplesPerPiece = o.Int("pass") is > 0 and var pass ? pass : null };
            using var learner = new GradientMetaLearner(target, options);
            using var initial = target.Initialize();
            using var batch = new MetaBatch(RandomTasks(tasks, points));
            using var generator = new torch.Generator(0);
            int runs = o.IntOrNone("runs") ?? (width > 100 ? 12 : 60);
            var batched = new double[runs];
            var single = new double[runs];
            for (int i = -3; i < runs; i++)
            {
                // Taking turns spreads whatever else the machine does over both.
                double a = Time(() => OuterGradientOf(learner, batch, generator));
                double b = Time(() => TaskByTask(target, initial, batch.Context, 3, 1e-2));
                if (i >= 0)
                    (batched[i], single[i]) = (a, b);
            }

            double fast = batched.Min();
            double slow = single.Min();
            table.Add($"{tasks} × {points} × {width}×{o.Int("hidden")}", $"{fast:0.0}", $"{slow:0.0}", $"{slow / fast:0.00}");
        }
    }

    private static void OuterGradientOf(GradientMetaLearner learner, MetaBatch tasks, torch.Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        learner.AsObjective().Differentiate(tasks, generator);
    }

    // MAML as most people write it: one task at a time, a list of tensors, autograd on each.
    private static void TaskByTask(Siren target, ParameterSet initial, SignalBatch batch, int steps, double rate)
    {
        using var scope = torch.NewDisposeScope();
        using var leaves = initial.AsLeaves();
        var weights = leaves.Trainable();
        torch.Tensor? total = null;
        for (long task = 0; task < batch.Count; task++)
        {
            var x = batch.Coordinates;
            var y = batch.Values[task];
            var theta = weights;
            for (int k = 0; k < steps; k++)
            {
                var loss = (target.Evaluate(leaves.WithTrainable(theta), x) - y).square().mean();
                var gradients = torch.autograd.grad([loss], theta, retain_graph: true, create_graph: true);
                theta = [.. theta.Zip(gradients, (p, g) => p - rate * g)];
            }

            var query = (target.Evaluate(leaves.WithTrainable(theta), x) - y).square().mean();
            total = total is null ? query : total + query;
        }

        torch.autograd.grad([total! / batch.Count], weights);
    }

    private static SignalBatch RandomTasks(int tasks, int points)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        var x = torch.rand([points, 2], torch.float32, generator: generator) * 2 - 1;
        return new SignalBatch(x, torch.rand([tasks, points, 3], torch.float32, generator: generator));
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalMilliseconds;
    }
}
