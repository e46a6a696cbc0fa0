using System.Diagnostics;
using Inr.Meta;

namespace Inr.Studies;

internal static partial class TransformerStudy
{
    // One forward pass of a trained learner against k steps of gradient descent on the same target: time, FLOPs, PSNR.
    private static void Steps(StudyArguments options)
    {
        using var learner = MetaLearner.Load(options.Text("learner")) as TransformerMetaLearner
            ?? throw new ArgumentException("The learner is not a transformer.");
        int size = learner.ImageSize ?? options.Int("size");
        var pictures = Data(options, size).HeldOut.Take(options.Int("limit"));
        long samples = (long)size * size;
        double render = 2.0 * samples * learner.Target.Layout.FloatCount;
        var table = new StudyTable($"{pictures.Count} pictures of {size}×{size}, {TorchSharp.torch.get_num_threads()} threads", "ms", "GFLOP", "PSNR, dB");
        Row("transformer, one forward pass", Flops(learner, samples), learner.Fit);
        double[] rates = options.Numbers("rates");
        foreach (double k in options.Numbers("k"))
        {
            // The best of the rates for every k: the choice favours gradient descent.
            var best = rates.Select(rate => Measure(pictures, new GradientFitter(learner.Target, new GradientFitterOptions
            {
                Steps = (int)k,
                LearningRate = rate,
                EvaluateEvery = int.MaxValue,
            }).Fit)).MaxBy(r => r.Psnr);
            table.Add($"{k} gradient steps", $"{1e3 * best.Seconds:0.0}", $"{3 * k * render / 1e9:0.00}", $"{best.Psnr:0.00}");
        }

        Print($"\nGradient steps: Adam from PyTorch's initial weights, the best of the rates {string.Join(", ", rates)} for each k; 3 passes of {render / 1e9:0.000} GFLOP a step.");

        void Row(string name, double flops, Func<Signal, IProgress<FitProgress>?, CancellationToken, FitResult> fit)
        {
            var (seconds, psnr) = Measure(pictures, fit);
            table.Add($"{name}", $"{1e3 * seconds:0.0}", $"{flops / 1e9:0.00}", $"{psnr:0.00}");
        }
    }

    private static (double Seconds, double Psnr) Measure(ISignalDataset pictures, Func<Signal, IProgress<FitProgress>?, CancellationToken, FitResult> fit)
    {
        using (var first = pictures.Load(0))
            fit(first, null, default).Dispose();
        double seconds = 0;
        double psnr = 0;
        for (int i = 0; i < pictures.Count; i++)
        {
            using var picture = pictures.Load(i);
            var clock = Stopwatch.StartNew();
            using var result = fit(picture, null, default);
            seconds += clock.Elapsed.TotalSeconds;
            psnr += result.Psnr;
        }

        return (seconds / pictures.Count, psnr / pictures.Count);
    }

    // Products and sums of the linear layers and of attention; norms and activations are left out.
    private static double Flops(TransformerMetaLearner learner, long samples)
    {
        var layout = learner.Network.Layout;
        double tokens = layout["wtokens"].Shape[0];
        double patches = layout.Contains("tokenizer.posemb") ? layout["tokenizer.posemb"].Shape[0] : samples;
        double flops = 0;
        foreach (var spec in layout.Where(s => s.Shape.Count == 2 && s.Name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            double rows = spec.Name.StartsWith("tokenizer", StringComparison.Ordinal) ? patches
                : spec.Name.StartsWith("wtoken_postfc", StringComparison.Ordinal) ? learner.Network.Generator.Blocks.Single(b => spec.Name.StartsWith($"wtoken_postfc.{b.Name}.", StringComparison.Ordinal)).Tokens
                : patches + tokens;
            flops += 2 * rows * spec.Count;
        }

        foreach (var spec in layout.Where(s => s.Name.EndsWith("to_q.weight", StringComparison.Ordinal)))
            flops += 4 * (patches + tokens) * (patches + tokens) * spec.Shape[0];

        // A closed form sees the features of every sample, multiplies them with one another, and refines once.
        if (learner.Description.Options["solveLinearPart"]?.GetValue<bool>() == true && learner.Target is ILinearInParameters linear)
        {
            double features = learner.Target.Layout[linear.LinearParameters[0]].Shape[^1] + 1;
            flops += 2.0 * samples * learner.Target.Layout.FloatCount + 2 * samples * features * features + features * features * features / 3;
        }

        return flops;
    }

    // How far each block moves the weight tokens, and PSNR when decoding after it.
    private static void Blocks(StudyArguments options)
    {
        using var learner = MetaLearner.Load(options.Text("learner")) as TransformerMetaLearner
            ?? throw new ArgumentException("The learner is not a transformer.");
        var pictures = Data(options, learner.ImageSize ?? options.Int("size")).HeldOut.Take(options.Int("limit"));
        var signals = Enumerable.Range(0, pictures.Count).Select(pictures.Load).ToArray();
        using var batch = SignalBatch.Stack(signals);
        foreach (var s in signals)
            s.Dispose();
        Console.WriteLine(ResidualStepReport.Measure(learner, batch));
    }
}
