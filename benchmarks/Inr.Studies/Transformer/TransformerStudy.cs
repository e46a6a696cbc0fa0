using System.Globalization;
using Inr.Meta;
using Inr.Parameterizations;
using TorchSharp;

namespace Inr.Studies;

/// <summary>Measures the transformer meta-learner; every part prints Markdown.</summary>
/// <remarks>
/// <c>transformer speed|parity|faces|emoji|judge|steps|blocks|scene [--name value …]</c>; <c>docs/transformer.md</c>
/// has the commands and what they gave.
/// </remarks>
public static partial class TransformerStudy
{
    private const string Shared = "../shared";

    /// <summary>Runs one part.</summary>
    /// <param name="args">The part and its options.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        TorchRuntime.EnsureLoaded();
        TorchRuntime.KeepFreedMemory();
        var options = new StudyArguments(args);
        torch.set_num_threads(options.Int("threads", 2));
        switch (options.Part)
        {
            case "speed":
                Speed(options);
                return 0;
            case "parity":
                Parity(options);
                return 0;
            case "faces":
                Faces(options);
                return 0;
            case "emoji":
                Emoji(options);
                return 0;
            case "judge":
                Judge(options);
                return 0;
            case "steps":
                Steps(options);
                return 0;
            case "blocks":
                Blocks(options);
                return 0;
            case "scene":
                Scene(options);
                return 0;
            default:
                Console.Error.WriteLine("Name a part: speed, parity, faces, emoji, judge, steps, blocks or scene.");
                return 2;
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    /// <summary>The target and the hypernetwork of the paper's face configuration at 64 pixels.</summary>
    private static (ReluMlp Target, TransformerOptions Options) SmallFaces(StudyArguments? options = null) => (
        new ReluMlp(2, 3, new ReluMlpOptions
        {
            Depth = options?.Int("target-depth", 4) ?? 4,
            Width = options?.Int("target-width", 128) ?? 128,
            LastWidth = options?.Int("target-features", 0) is > 0 and var features ? features : null,
            EncodingSize = 64,
            MaxFrequency = 32,
            OutputOffset = 0.5,
        }),
        new TransformerOptions());

    /// <summary>The best time of each action in seconds, of runs that take turns, after one that warms up.</summary>
    private static double[] Race(int runs, params Action[] actions)
    {
        double[] best = [.. Enumerable.Repeat(double.PositiveInfinity, actions.Length)];
        for (int run = -1; run < runs; run++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                actions[i]();
                if (run >= 0)
                    best[i] = Math.Min(best[i], clock.Elapsed.TotalSeconds);
            }
        }

        return best;
    }
}
