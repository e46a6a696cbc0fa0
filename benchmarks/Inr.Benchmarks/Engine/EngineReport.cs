using System.Diagnostics;
using System.Globalization;
using Inr.Benchmarks.Families;
using Inr.Parameterizations;

namespace Inr.Benchmarks.Engine;

/// <summary><c>engine [--threads 1,2] [--rounds N] [--rows TEXT,TEXT] [--cpu]</c>: the engine beside libtorch, a TorchSharp loop by hand and PyTorch, in turn in one run.</summary>
internal static class EngineReport
{
    private const double LeastMilliseconds = 60;

    /// <summary>Measures and prints a table: medians, and what each other one takes for one of the engine.</summary>
    public static void Run(string[] arguments)
    {
        string Option(string name, string otherwise) => Array.IndexOf(arguments, name) is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : otherwise;
        int rounds = int.Parse(Option("--rounds", "5"), CultureInfo.InvariantCulture);
        int[] threads = [.. Option("--threads", "1,2").Split(',').Select(t => int.Parse(t, CultureInfo.InvariantCulture))];
        string[] chosen = Option("--rows", "").Split(',');
        // On a busy machine processor time says more than that of the clock, with one thread.
        bool cpu = arguments.Contains("--cpu");
        using var peer = PyTorchPeer.TryStart();
        Console.WriteLine($"{PerceptronEngine.Name}; PyTorch: {peer?.Version ?? "none here"}. Milliseconds{(cpu ? " of processor time" : "")}, medians of {rounds} rounds in turn; in brackets the ratio to the engine.");
        Console.WriteLine("| row | threads | engine | GFLOP/s | of the peak | managed bytes, live tensors a step | libtorch, as the library calls it | TorchSharp by hand | PyTorch |\n|---|---|---|---|---|---|---|---|---|");
        foreach (var row in EngineRow.All.Where(r => chosen.Any(c => r.Name.Contains(c, StringComparison.Ordinal))))
        {
            using var scope = NewDisposeScope();
            var contenders = Contenders(row);
            foreach (int count in threads)
            {
                TorchRuntime.Threads = count;
                var peaks = new List<double>();
                var times = contenders.Select(_ => new List<double>()).Append([]).ToArray();
                for (int round = -1; round < rounds; round++)
                {
                    for (int c = 0; c < contenders.Length; c++)
                    {
                        double time = Measure(contenders[c], cpu);
                        if (round >= 0)
                            times[c].Add(time);
                    }

                    peaks.Add(CorePeak.Measure(cpu ? ProcessorTime : WallTime));
                    double other = peer?.Measure(row, count, cpu) ?? double.NaN;
                    if (round >= 0)
                        times[^1].Add(other);
                }

                double[] medians = [.. times.Select(Median)];
                string Cell(double ms) => double.IsNaN(ms) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{ms:0.00} ({ms / medians[0]:0.0})");
                double rate = Flops(row) / medians[0] / 1e6;
                var (bytes, tensors) = Allocated(contenders[0]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Name} | {count} | {medians[0]:0.00} | {rate:0} | {rate / (cpu ? 1 : count) / Median(peaks):0%} of {Median(peaks):0} | {bytes}, {tensors} | {Cell(medians[1])} | {Cell(medians[2])} | {Cell(medians[3])} |"));
            }
        }
    }

    private static Action[] Contenders(EngineRow row)
    {
        var target = new DensePerceptron(row.Network);
        int[] shape = [row.Shape.Height, row.Shape.Width];
        var theta = target.Initialize();
        var x = CoordinateGrid.Create(shape);
        var y = rand(x.shape[0], row.Network.OutputDimension);
        Action With(bool engine, Action work) => () =>
        {
            PerceptronEngine.IsEnabled = engine;
            work();
        };
        BoundFunction Bound(bool engine)
        {
            PerceptronEngine.IsEnabled = engine;
            return target.Bind(theta);
        }

        Func<Tensor, IReadOnlyList<Tensor>, Tensor> plain = (points, weights) => Plain(row.Network, theta, points, weights);
        switch (row.Work)
        {
            case EngineWorkKind.Render:
                BoundFunction fast = Bound(true), slow = Bound(false);
                return [() => fast.Render(shape).Dispose(), () => slow.Render(shape).Dispose(), () =>
                {
                    using var scope = NewDisposeScope();
                    using var _ = no_grad();
                    plain(x, theta.Trainable());
                }];
            case EngineWorkKind.Functions:
                var many = ParameterSet.Stack([.. Enumerable.Repeat(theta, row.Functions)]);
                var points = x.unsqueeze(0).repeat(row.Functions, 1, 1);
                return [With(true, () => target.Evaluate(many, points).Dispose()), With(false, () => target.Evaluate(many, points).Dispose()), () =>
                {
                    using var scope = NewDisposeScope();
                    using var _ = no_grad();
                    for (int b = 0; b < row.Functions; b++)
                        plain(x, theta.Trainable());
                }];
            default:
                var signal = Signal.FromGrid(y, shape);
                var options = new GradientFitterOptions { Steps = int.MaxValue, LearningRate = 1e-4, Schedule = Optimization.LearningRateSchedule.Constant, BatchSize = row.Batch == 0 ? null : row.Batch };
                var loop = new PlainLoop(theta.Trainable(), plain, 1e-4);
                return [With(true, Stepper(target, theta, signal, options)), With(false, Stepper(target, theta, signal, options)), () =>
                {
                    using var scope = NewDisposeScope();
                    if (row.Batch == 0)
                    {
                        loop.Run(x, y, 1);
                        return;
                    }

                    var index = randint(0, x.shape[0], [row.Batch], dtype: int64);
                    loop.Run(x.index_select(0, index), y.index_select(0, index), 1);
                }];
        }
    }

    private static Action Stepper(ITargetFunction target, ParameterSet initial, Signal signal, GradientFitterOptions options)
    {
        var fitter = new GradientFitter(target, options);
        var theta = initial.Clone();
        var state = fitter.Initialize(theta);
        return () =>
        {
            using var scope = NewDisposeScope();
            var (next, after) = fitter.Step(theta, state, signal);
            theta.Dispose();
            state.Dispose();
            theta = next.DetachFromDisposeScope();
            state = after;
        };
    }

    private static Tensor Plain(PerceptronDescription network, ParameterSet theta, Tensor x, IReadOnlyList<Tensor> w)
    {
        var h = network.Encoding.Encode(x, theta.Layout.Count > w.Count ? [theta[0]] : []);
        double omega = network.Hidden.Omega;
        for (int i = 0; i < w.Count - 2; i += 2)
        {
            var u = nn.functional.linear(h, w[i], w[i + 1]);
            h = network.Hidden.Function.Apply(omega == 1 ? u : omega * u, omega);
        }

        return nn.functional.linear(h, w[^2], w[^1]);
    }

    // The best of what fits into some milliseconds, so that a short work is not one interruption.
    private static double Measure(Action work, bool cpu)
    {
        var now = cpu ? (Func<TimeSpan>)ProcessorTime : WallTime;
        double best = double.PositiveInfinity;
        var begin = now();
        do
        {
            var start = now();
            work();
            best = Math.Min(best, (now() - start).TotalMilliseconds);
        }
        while ((now() - begin).TotalMilliseconds < LeastMilliseconds);
        return best;
    }

    private static TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime;

    private static TimeSpan WallTime() => Stopwatch.GetElapsedTime(0);

    // Of one execution, after the others: managed bytes of the calling thread, and tensors that are left over.
    private static (long Bytes, long Tensors) Allocated(Action work)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread(), tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        work();
        return (GC.GetAllocatedBytesForCurrentThread() - bytes, DisposeScopeManager.Statistics.ThreadTotalLiveCount - tensors);
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    // Of the products alone; the gradient in the first layer's inputs is not computed.
    private static double Flops(EngineRow row)
    {
        var layers = row.Network.Layers;
        double forward = layers.Sum(l => (double)l.Inputs * l.Outputs);
        double samples = (row.Batch > 0 ? row.Batch : (double)row.Shape.Height * row.Shape.Width) * row.Functions;
        return 2 * samples * (row.Work == EngineWorkKind.Step ? 3 * forward - (double)layers[0].Inputs * layers[0].Outputs : forward);
    }
}
